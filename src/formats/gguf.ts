import { type ModelConfig, modelConfigSchema } from '../domain/model';
import { FAMILIES, familyOf, findArchitecture, supportedFamilies } from '../families/families';
import { GGUF_PARTS } from '../families/ggufFields';
import { EMBEDDING, FINAL_NORM, HEAD, layerTensors } from '../families/tensors';
import type { Checkpoint, StoredTensor } from './checkpoint';
import { dequantize } from './dequantize';
import { damaged, FormatError } from './formatError';
import { type GgufTensorInfo, type GgufValue, readGgufHeader } from './ggufHeader';
import { endTokensOf, ggufTokenizer } from './ggufTokenizer';
import { type ByteSource, baseName } from './source';
import { type TensorFormat, tensorBytes } from './tensorFormat';

/** ggml's type numbers. */
const FORMATS: Record<number, TensorFormat> = {
  0: 'F32',
  1: 'F16',
  2: 'Q4_0',
  3: 'Q4_1',
  6: 'Q5_0',
  7: 'Q5_1',
  8: 'Q8_0',
  12: 'Q4_K',
  13: 'Q5_K',
  14: 'Q6_K',
  30: 'BF16',
};
const OTHER_TYPES: Record<number, string> = {
  9: 'Q8_1',
  10: 'Q2_K',
  11: 'Q3_K',
  15: 'Q8_K',
  16: 'IQ2_XXS',
  17: 'IQ2_XS',
  18: 'IQ3_XXS',
  19: 'IQ1_S',
  20: 'IQ4_NL',
  21: 'IQ3_S',
  22: 'IQ2_S',
  23: 'IQ4_XS',
  28: 'F64',
  29: 'IQ1_M',
  34: 'TQ1_0',
  35: 'TQ2_0',
  39: 'MXFP4',
};

const TOP_NAMES = new Map([
  ['token_embd.weight', EMBEDDING],
  ['output_norm.weight', FINAL_NORM],
  ['output.weight', HEAD],
]);

/** Read into the config. */
const ROPE_FACTORS = 'rope_freqs.weight';

/**
 * Opens a GGUF of a supported family: config and tokenizer from the metadata, tensors under their Hugging Face names.
 */
export async function openGguf(source: ByteSource): Promise<Checkpoint> {
  const file = baseName(source);
  const { metadata, tensors } = await readGgufHeader(source);
  const config = ggufConfig(file, metadata, tensors, await ropeFactors(source, tensors));
  const stored = new Map<string, StoredTensor>();
  for (const info of tensors.filter(({ name }) => name !== ROPE_FACTORS)) {
    const tensor = storedTensor(source, info, config);
    stored.set(tensor.name, tensor);
  }
  return {
    name: file.replace(/\.gguf$/i, ''),
    container: 'gguf',
    config,
    tensors: stored,
    tokenizer: ggufTokenizer(file, metadata, config.endTokens),
  };
}

function ggufConfig(
  file: string,
  metadata: ReadonlyMap<string, GgufValue>,
  tensors: readonly GgufTensorInfo[],
  ropeFactors: Float32Array | undefined,
): ModelConfig {
  const named = metadata.get('general.architecture');
  const architecture = findArchitecture(({ gguf }) => gguf.architecture === named);
  if (!architecture) {
    throw new FormatError(
      `${file} is of architecture ${String(named)}, which is not supported`,
      supportedFamilies(({ gguf }) => gguf.architecture),
    );
  }
  const { gguf } = FAMILIES[architecture];
  const hasTensor = (name: string) => tensors.some((tensor) => tensor.name === name);
  const get = (key: string) => metadata.get(`${gguf.architecture}.${key}`);
  const number = (key: string, fallback?: number): number => {
    const value = get(key) ?? fallback;
    if (typeof value === 'number') return value;
    throw damaged(file, `metadata ${gguf.architecture}.${key} is ${value ?? 'missing'}`);
  };
  const { fields, refused } = gguf.read({ number, get, hasTensor, ...(ropeFactors && { ropeFactors }) });
  if (refused.length > 0) {
    const what = refused.join(' and ');
    throw new FormatError(`${file} uses ${what}, which is not supported`, 'Choose another model or conversion.');
  }
  const embedding = tensors.find(({ name }) => name === 'token_embd.weight');
  if (!embedding) throw damaged(file, 'it has no token_embd.weight');

  const parsed = modelConfigSchema.safeParse({
    architecture,
    ...fields,
    vocabulary: embedding.sizes[1],
    tiedHead: !hasTensor('output.weight'),
    endTokens: endTokensOf(metadata, gguf.endTexts),
  });
  if (!parsed.success) throw damaged(file, `its metadata makes no model (${parsed.error.issues[0]?.path.join('.')})`);
  return parsed.data;
}

/** Divisors of RoPE's frequencies, as llama.cpp's converter writes them for Llama 3.1 and later. */
async function ropeFactors(source: ByteSource, tensors: readonly GgufTensorInfo[]): Promise<Float32Array | undefined> {
  const info = tensors.find(({ name }) => name === ROPE_FACTORS);
  if (!info) return undefined;
  const [count = 0] = info.sizes;
  if (info.type !== 0 || info.sizes.length !== 1 || count < 1 || count > 128 || info.offset + 4 * count > source.size)
    throw damaged(baseName(source), `${ROPE_FACTORS} is no list of f32 numbers`);
  return dequantize('F32', await source.read(info.offset, info.offset + 4 * count));
}

function storedTensor(source: ByteSource, info: GgufTensorInfo, config: ModelConfig): StoredTensor {
  const file = baseName(source);
  const format = FORMATS[info.type];
  if (!format) {
    throw new FormatError(
      `${file}: ${info.name} is stored as ${OTHER_TYPES[info.type] ?? `type ${info.type}`}, which is not supported`,
      'Use a conversion to F32, F16, BF16, Q8_0, Q6_K, Q5_K_M, Q5_0, Q5_1, Q4_K_M, Q4_0 or Q4_1 (llama-quantize makes them).',
    );
  }
  const shape = info.sizes.toReversed();
  const bytes = tensorBytes(format, shape);
  if (!Number.isSafeInteger(bytes))
    throw damaged(file, `${info.name} (${shape.join(', ')}) is not whole ${format} blocks`);
  if (info.offset + bytes > source.size) throw damaged(file, `${info.name} lies past the end of the file`);
  const readPart = (start: number, end: number) => source.read(info.offset + start, info.offset + end);
  const read = () => readPart(0, bytes);
  const permutedHeads = interleavedHeads(info.name, config);
  return {
    name: huggingFaceName(info.name, config),
    shape,
    format,
    file,
    bytes,
    read: permutedHeads ? async () => unpermuteRows(await read(), permutedHeads, config.headSize) : read,
    readPart,
  };
}

/**
 * `blk.3.attn_q.weight` → `model.layers.3.self_attn.q_proj.weight`; a name that the model does not have stays as it is.
 */
function huggingFaceName(name: string, config: ModelConfig): string {
  const [, layer, stem, kind] = /^blk\.(\d+)\.(\w+)\.(weight|bias)$/.exec(name) ?? [];
  if (!layer) return TOP_NAMES.get(name) ?? name;
  const tensor = layerTensors(config, Number(layer)).find(({ part }) => GGUF_PARTS[part] === stem);
  return tensor ? tensor.name.replace(/weight$/, kind!) : name;
}

/** Heads of a matrix whose rows the converter reordered: queries and keys of some families; 0 for others. */
function interleavedHeads(name: string, config: ModelConfig): number {
  if (!familyOf(config).gguf.interleavedHeads) return 0;
  if (name.endsWith('.attn_q.weight')) return config.heads;
  return name.endsWith('.attn_k.weight') ? config.keyValueHeads : 0;
}

/**
 * llama.cpp's converter interleaves the two halves of each head (its RoPE turns neighbours), so file row 2j + t of a
 * head is row t·D/2 + j in Hugging Face order. Rows are whole, so quantised blocks stay intact.
 */
export function unpermuteRows(bytes: Uint8Array, heads: number, headSize: number): Uint8Array {
  const rowBytes = bytes.length / (heads * headSize);
  if (!Number.isInteger(rowBytes)) throw new RangeError(`${bytes.length} bytes are not ${heads} heads of ${headSize}`);
  const out = new Uint8Array(bytes.length);
  const half = headSize / 2;
  for (let row = 0; row < heads * headSize; row++) {
    const head = Math.floor(row / headSize);
    const t = Math.floor((row % headSize) / half);
    const j = row % half;
    const from = (head * headSize + 2 * j + t) * rowBytes;
    out.set(bytes.subarray(from, from + rowBytes), row * rowBytes);
  }
  return out;
}
