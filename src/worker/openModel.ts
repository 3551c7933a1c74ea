import { parameterCount } from '../config/model';
import { type Checkpoint, openCheckpoint } from '../formats/checkpoint';
import { checkpointBytes, checkpointId, weightFormat } from '../formats/checkpointId';
import { FormatError } from '../formats/formatError';
import { type ByteSource, baseName, readText } from '../formats/source';
import type { ModelReport } from '../protocol';
import { type ChatText, chatText } from '../rl/chatText';
import { Tokenizer } from '../text/tokenizer';

/** A checkpoint that is ready to be loaded: headers, tokenizer and template are read, weights are not. */
export interface OpenModel {
  /** The files that it was opened from, others left out. */
  readonly files: readonly ByteSource[];
  readonly checkpoint: Checkpoint;
  readonly text: ChatText;
  /** A model may bring the grader prompt that it was trained with (grader.txt); null for most. */
  readonly graderTemplate: string | null;
  readonly builtIn: boolean;
  readonly report: ModelReport;
}

/** Longest grader.txt that is believed. */
const TEMPLATE_BYTES = 64 * 1024;

const MODEL_FILE = /\.(json|txt|jinja|safetensors|gguf)$/i;

/** Throws FormatError for files that are no model, or one that is not supported, by name. */
export async function openModel(files: readonly ByteSource[], { builtIn }: { builtIn: boolean }): Promise<OpenModel> {
  const checkpoint = await openCheckpoint(files);
  const tokenizer = Tokenizer.fromFiles(checkpoint.tokenizer);
  const { vocabulary } = checkpoint.config;
  if (tokenizer.vocabularySize > vocabulary) {
    throw new FormatError(
      `The tokenizer has ${tokenizer.vocabularySize} tokens, the weights of ${checkpoint.name} have ${vocabulary}`,
      'They belong to different models: take both from the same place.',
    );
  }
  const text = chatText(tokenizer);
  text.encodeChat([{ role: 'user', content: 'Hello' }]); // a template that cannot work is found now, not in the first step
  const template = files.find((file) => baseName(file) === 'grader.txt' && file.size <= TEMPLATE_BYTES);
  return {
    files: files.filter((file) => MODEL_FILE.test(baseName(file))),
    checkpoint,
    text,
    graderTemplate: template ? await readText(template) : null,
    builtIn,
    report: {
      name: builtIn ? 'Built-in tiny' : checkpoint.name,
      id: await checkpointId(checkpoint),
      config: checkpoint.config,
      parameters: parameterCount(checkpoint.config),
      weightFormat: weightFormat(checkpoint),
      bytes: checkpointBytes(checkpoint),
    },
  };
}
