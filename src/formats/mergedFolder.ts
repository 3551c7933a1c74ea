import type { ModelConfig } from '../domain/model';
import { tensorShapes } from '../families/tensors';
import { toBf16 } from '../halfFloat';
import { writeGenerationConfig, writeHuggingFaceConfig } from './huggingFaceConfig';
import { withoutNormOffset } from './normOffset';
import { jsonFile, type OutputFile, textFile } from './outputFile';
import { type OutputTensor, safetensorsSize, writeSafetensors } from './safetensors';
import { tensorBytes } from './tensorFormat';
import type { TokenizerFiles } from './tokenizerFiles';

const SHARD_BYTES = 2e9;

/**
 * The files of a Hugging Face model folder, which transformers and this lab open. `read` gives a tensor's values in
 * f32, rows in Hugging Face order, by its Hugging Face name (families/tensors.ts has them all); it is called for one
 * tensor at a time, in the order of the files, so that no more than one tensor is in memory. Weights above `shardBytes`
 * are cut into files with an index.
 */
export function mergedFolder(model: {
  config: ModelConfig;
  tokenizer: TokenizerFiles;
  format: 'F32' | 'BF16';
  read(name: string): Promise<Float32Array>;
  shardBytes?: number;
}): OutputFile[] {
  const { config, tokenizer, format } = model;
  const tensors = [...tensorShapes(config)].map(([name, shape]): OutputTensor => ({ name, shape, format }));
  const shards = cutIntoShards(tensors, model.shardBytes ?? SHARD_BYTES);
  const shardName = (i: number) =>
    shards.length === 1 ? 'model.safetensors' : `model-${digits(i + 1)}-of-${digits(shards.length)}.safetensors`;

  const read = async ({ name }: OutputTensor): Promise<Uint8Array> => {
    const values = withoutNormOffset(config, name, await model.read(name));
    const stored = format === 'BF16' ? Uint16Array.from(values, toBf16) : values;
    return new Uint8Array(stored.buffer, stored.byteOffset, stored.byteLength);
  };
  const weights = shards.map(
    (shard, i): OutputFile => ({
      name: shardName(i),
      size: safetensorsSize(shard),
      chunks: () => writeSafetensors(shard, read),
    }),
  );
  const index = {
    metadata: { total_size: tensors.reduce((sum, tensor) => sum + bytesOf(tensor), 0) },
    weight_map: Object.fromEntries(shards.flatMap((shard, i) => shard.map(({ name }) => [name, shardName(i)]))),
  };
  return [
    jsonFile('config.json', writeHuggingFaceConfig(config, format === 'BF16' ? 'bfloat16' : 'float32')),
    jsonFile('generation_config.json', writeGenerationConfig(config)),
    ...tokenizerOutput(tokenizer),
    ...(shards.length > 1 ? [jsonFile('model.safetensors.index.json', index)] : []),
    ...weights,
  ];
}

/** tokenizer.json, tokenizer_config.json and, for newer readers, chat_template.jinja. */
export function tokenizerOutput({ tokenizer, config, chatTemplate }: TokenizerFiles): OutputFile[] {
  const withTemplate = chatTemplate === null ? config : { ...config, chat_template: chatTemplate };
  return [
    textFile('tokenizer.json', JSON.stringify(tokenizer)),
    jsonFile('tokenizer_config.json', withTemplate),
    ...(chatTemplate === null ? [] : [textFile('chat_template.jinja', chatTemplate)]),
  ];
}

function cutIntoShards(tensors: readonly OutputTensor[], limit: number): OutputTensor[][] {
  const shards: OutputTensor[][] = [[]];
  let bytes = 0;
  for (const tensor of tensors) {
    if (bytes > 0 && bytes + bytesOf(tensor) > limit) {
      shards.push([]);
      bytes = 0;
    }
    shards.at(-1)!.push(tensor);
    bytes += bytesOf(tensor);
  }
  return shards;
}

const bytesOf = ({ format, shape }: OutputTensor): number => tensorBytes(format, shape);

const digits = (n: number): string => String(n).padStart(5, '0');
