import type { ModelReport } from '../../domain/reports';
import { parameterCount } from '../../families/tensors';
import { adaptedCheckpoint } from '../../formats/adaptedCheckpoint';
import type { Checkpoint } from '../../formats/checkpoint';
import {
  checkpointBytes,
  checkpointId,
  formerCheckpointId,
  sha256,
  weightFormat,
  weightsId,
} from '../../formats/checkpointId';
import { FormatError } from '../../formats/formatError';
import { openCheckpoint } from '../../formats/openCheckpoint';
import { type Adapter, isAdapterFile, readPeft } from '../../formats/peft';
import { type ByteSource, baseName, readText } from '../../formats/source';
import { checkTemplate } from '../../text/chatTemplate';
import { type ChatText, chatText } from '../../text/chatText';
import { Tokenizer } from '../../text/tokenizer';
import type { Platform } from '../platform';
import { probeTokenizer } from './probe';

/** A checkpoint that is ready to be loaded: headers, tokenizer and template are read, weights are not. */
export interface OpenModel {
  /** The files that it was opened from, others left out. */
  readonly files: readonly ByteSource[];
  readonly checkpoint: Checkpoint;
  readonly text: ChatText;
  /** A model may bring the grader prompt that it was trained with (grader.txt); null for most. */
  readonly graderTemplate: string | null;
  readonly builtIn: boolean;
  /** The id in runs from before ids were hashes of the weights. */
  readonly formerId: string;
  readonly report: ModelReport;
}

/** The built-in model comes with the lab; any other is tried in a thread of its own first. */
export type Origin =
  | { readonly builtIn: true }
  | { readonly builtIn: false; readonly openProbeThread: Platform['openProbeThread'] };

/** Longest grader.txt that is believed. */
const TEMPLATE_BYTES = 64 * 1024;

const MODEL_FILE = /\.(json|txt|jinja|safetensors|gguf)$/i;

/**
 * Opens a model; the two files of a PEFT adapter among its own change its weights (formats/adaptedCheckpoint.ts).
 * Throws FormatError for files that are no model, one that is not supported, an adapter of another model, or a tokenizer
 * that does not finish, by name.
 */
export async function openModel(files: readonly ByteSource[], origin: Origin): Promise<OpenModel> {
  const { builtIn } = origin;
  const adapterFiles = files.filter(isAdapterFile);
  const base = await openCheckpoint(files.filter((file) => !isAdapterFile(file)));
  const adapter = adapterFiles.length > 0 ? await readPeft(adapterFiles, base.config) : null;
  const checkpoint = adapter ? adaptedCheckpoint(base, adapter) : base;
  if (!origin.builtIn) await probeTokenizer(checkpoint.tokenizer, origin.openProbeThread);
  const tokenizer = Tokenizer.fromFiles(checkpoint.tokenizer);
  const { vocabulary } = checkpoint.config;
  if (tokenizer.vocabularySize > vocabulary) {
    throw new FormatError(
      `The tokenizer has ${tokenizer.vocabularySize} tokens, the weights of ${checkpoint.name} have ${vocabulary}`,
      'They belong to different models. Use the tokenizer that comes with the weights.',
    );
  }
  const text = chatText(tokenizer);
  checkTemplate(tokenizer); // one that cannot work is found now, not in the first step
  const template = files.find((file) => baseName(file) === 'grader.txt' && file.size <= TEMPLATE_BYTES);
  return {
    files: files.filter((file) => MODEL_FILE.test(baseName(file))),
    checkpoint,
    text,
    graderTemplate: template ? await readText(template) : null,
    builtIn,
    formerId: adapter ? await adaptedFormerId(base, adapterFiles) : await formerCheckpointId(base),
    report: {
      name: adapter ? adaptedName(base.name, adapterFiles[0]!) : builtIn ? 'Built-in tiny' : base.name,
      id: adapter ? await adaptedId(base, adapterFiles) : await checkpointId(base),
      adapter: adapter && adapterReport(adapter, base),
      config: checkpoint.config,
      parameters: parameterCount(checkpoint.config),
      weightFormat: weightFormat(checkpoint),
      bytes: checkpointBytes(checkpoint),
    },
  };
}

/**
 * The files of an adapter alone, together with those of the open model that it changes; other files as they are. Throws
 * FormatError when none is open.
 */
export function withBase(files: readonly ByteSource[], base: OpenModel | undefined): readonly ByteSource[] {
  const adapter = files.filter(isAdapterFile);
  if (adapter.length === 0 || files.some((file) => /^config\.json$|\.gguf$/i.test(baseName(file)))) return files;
  if (!base) {
    throw new FormatError(
      'This is an adapter, but no model is open',
      'Open the adapter’s base model first, or both together.',
    );
  }
  return [...base.files.filter((file) => !isAdapterFile(file)), ...adapter];
}

/** Both names; one where the files are in one folder, whose name has both. */
function adaptedName(base: string, adapterFile: ByteSource): string {
  const folder = adapterFile.name.split('/').at(-2) ?? 'adapter';
  return folder === base ? base : `${base} + ${folder}`;
}

/** Adapters are small, so all of their bytes count. */
const adaptedId = async (base: Checkpoint, files: readonly ByteSource[]): Promise<string> =>
  weightsId(await checkpointId(base), ...(await bytesOf(files)));

const adaptedFormerId = async (base: Checkpoint, files: readonly ByteSource[]): Promise<string> =>
  sha256(await formerCheckpointId(base), ...(await bytesOf(files)));

function bytesOf(files: readonly ByteSource[]): Promise<Uint8Array[]> {
  const inOrder = [...files].sort((a, b) => (baseName(a) < baseName(b) ? -1 : 1));
  return Promise.all(inOrder.map((file) => file.read(0, file.size)));
}

function adapterReport({ rank, baseModel }: Adapter, base: Checkpoint): NonNullable<ModelReport['adapter']> {
  const plain = (name: string) => (name.split('/').at(-1) ?? name).toLowerCase().replace(/^built-in |[^a-z0-9]/g, '');
  const [made, here] = [plain(baseModel ?? ''), plain(base.name)];
  // Files that were dropped without their folder are called so.
  const unnamed = made === '' || made === 'model' || here === 'model';
  return { rank, madeFor: baseModel, sameName: unnamed || here.includes(made) || made.includes(here) };
}
