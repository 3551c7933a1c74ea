import { z } from 'zod';
import { FormatError } from './formatError';
import { parseFile } from './parseFile';
import { type ByteSource, baseName, readText } from './source';
import { type TokenizerFiles, tokenizerFiles } from './tokenizerFiles';

const ids = z
  .union([z.number().int(), z.array(z.number().int())])
  .nullish()
  .transform((value) => (value == null ? [] : [value].flat()));

const configSchema = z.looseObject({
  model_type: z.string().nullish(),
  max_position_embeddings: z.number().int().min(16).default(2048),
  eos_token_id: ids,
});
const generationSchema = z.looseObject({ eos_token_id: ids });

/**
 * A causal language model in the layout of onnx-community: config.json, tokenizer files, onnx/model*.onnx and its data
 * files.
 */
export interface OnnxFolder {
  readonly name: string;
  readonly contextLength: number;
  readonly endTokens: readonly number[];
  readonly tokenizer: TokenizerFiles;
  readonly model: ByteSource;
  /** Weights beside the model, by the names that it refers to them. */
  readonly data: readonly ByteSource[];
}

/** Which file is taken where there are several. Half precision is for the GPU; the CPU is best at 8 bits. */
const ON_GPU = ['model_q4f16', 'model_q4', 'model_fp16', 'model', 'model_quantized', 'model_int8', 'model_uint8'];
const ON_CPU = ['model_quantized', 'model_int8', 'model_uint8', 'model_q4', 'model', 'model_q4f16', 'model_fp16'];

/** Throws FormatError when the files are no such model. `gpu`: it will run on one. */
export async function openOnnxFolder(files: readonly ByteSource[], { gpu }: { gpu: boolean }): Promise<OnnxFolder> {
  const byName = new Map(files.map((file) => [baseName(file), file]));
  const models = files.filter((file) => baseName(file).endsWith('.onnx'));
  const model = (gpu ? ON_GPU : ON_CPU).map((name) => byName.get(`${name}.onnx`)).find((file) => file) ?? models[0];
  if (!model) {
    throw new FormatError(
      'There is no .onnx file among the files',
      'Choose a whole folder in the layout of onnx-community: config.json, tokenizer.json, tokenizer_config.json and onnx/model.onnx.',
    );
  }
  const config = parseFile(configSchema, await json(byName, 'config.json'), 'config.json');
  const generation = parseFile(
    generationSchema,
    (await json(byName, 'generation_config.json', false)) ?? {},
    'generation_config.json',
  );
  const endTokens = [...new Set([...generation.eos_token_id, ...config.eos_token_id])];
  const jinja = byName.get('chat_template.jinja');
  return {
    name: byName.get('config.json')!.name.split('/').at(-2) ?? config.model_type ?? 'ONNX model',
    contextLength: config.max_position_embeddings,
    endTokens,
    tokenizer: tokenizerFiles(
      await json(byName, 'tokenizer.json'),
      await json(byName, 'tokenizer_config.json', false),
      jinja ? await readText(jinja) : null,
      endTokens,
    ),
    model,
    // model.onnx_data, and model.onnx_data_1 … where it is cut
    data: files.filter((file) => baseName(file).startsWith(`${baseName(model)}_data`)),
  };
}

async function json(byName: ReadonlyMap<string, ByteSource>, name: string, required = true): Promise<unknown> {
  const file = byName.get(name);
  if (!file && !required) return null;
  if (!file)
    throw new FormatError(`${name} is missing`, 'Choose the whole folder of the model, its onnx folder included.');
  try {
    return JSON.parse(await readText(file));
  } catch (error) {
    throw new FormatError(`${name} is not JSON`, 'Download it again.', { cause: error });
  }
}
