import { type ModelConfig, modelConfigSchema } from '../domain/model';
import type { Checkpoint, StoredTensor } from './checkpoint';
import { damaged, FormatError } from './formatError';
import { type GgufTensorInfo, type GgufValue, readGgufHeader } from './ggufHeader';
import { endTokensOf, ggufTokenizer } from './ggufTokenizer';
import { type ByteSource, baseName } from './source';
import { type TensorFormat, tensorBytes } from './tensorFormat';

/** ggml's type numbers. */
const FORMATS: Record<number, TensorFormat> = { 0: 'F32', 1: 'F16', 2: 'Q4_0', 3: 'Q4_1', 8: 'Q8_0', 30: 'BF16' };
const OTHER_TYPES: Record<number, string> = {
  6: 'Q5_0',
  7: 'Q5_1',
  9: 'Q8_1',
  10: 'Q2_K',
  11: 'Q3_K',
  12: 'Q4_K',
  13: 'Q5_K',
  14: 'Q6_K',
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

const LAYER_NAMES: Record<string, string> = {
  attn_norm: 'input_layernorm',
  attn_q: 'self_attn.q_proj',
  attn_k: 'self_attn.k_proj',
  attn_v: 'self_attn.v_proj',
  attn_output: 'self_attn.o_proj',
  attn_q_norm: 'self_attn.q_norm',
  attn_k_norm: 'self_attn.k_norm',
  ffn_norm: 'post_attention_layernorm',
  ffn_gate: 'mlp.gate_proj',
  ffn_up: 'mlp.up_proj',
  ffn_down: 'mlp.down_proj',
};
const TOP_NAMES: Record<string, string> = {
  token_embd: 'model.embed_tokens',
  output_norm: 'model.norm',
  output: 'lm_head',
};

/** Opens a GGUF of architecture llama or qwen3: config and tokenizer from the metadata, tensors under their Hugging Face names. */
export async function openGguf(source: ByteSource): Promise<Checkpoint> {
  const file = baseName(source);
  const { metadata, tensors } = await readGgufHeader(source);
  const config = ggufConfig(file, metadata, tensors);
  const stored = new Map<string, StoredTensor>();
  for (const info of tensors) {
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
): ModelConfig {
  const architecture = metadata.get('general.architecture');
  if (architecture !== 'llama' && architecture !== 'qwen3') {
    throw new FormatError(
      `${file} is of architecture ${String(architecture)}, which is not supported`,
      'Supported are llama (SmolLM2, Llama without RoPE scaling) and qwen3 (dense).',
    );
  }
  const number = (key: string, fallback?: number): number => {
    const value = metadata.get(`${architecture}.${key}`) ?? fallback;
    if (typeof value !== 'number') throw damaged(file, `metadata ${architecture}.${key} is ${value ?? 'missing'}`);
    return value;
  };
  const refuse = (what: string): never => {
    throw new FormatError(`${file} uses ${what}, which is not supported`, 'Choose another model or conversion.');
  };

  const scaling = metadata.get(`${architecture}.rope.scaling.type`);
  if (scaling !== undefined && scaling !== 'none') refuse(`RoPE scaling of type ${String(scaling)}`);
  if (tensors.some(({ name }) => name === 'rope_freqs.weight')) refuse('RoPE scaling as in Llama 3.1 (rope_freqs)');
  if (number('expert_count', 0) > 0) refuse('a mixture of experts');

  const channels = number('embedding_length');
  const heads = number('attention.head_count');
  const headSize = number('attention.key_length', channels / heads);
  if (number('attention.value_length', headSize) !== headSize) refuse('value heads of another size than key heads');
  if (number('rope.dimension_count', headSize) !== headSize) refuse('RoPE over a part of each head');

  const embedding = tensors.find(({ name }) => name === 'token_embd.weight');
  if (!embedding) throw damaged(file, 'it has no token_embd.weight');

  const parsed = modelConfigSchema.safeParse({
    architecture,
    vocabulary: embedding.sizes[1],
    channels,
    layers: number('block_count'),
    heads,
    keyValueHeads: number('attention.head_count_kv', heads),
    headSize,
    hidden: number('feed_forward_length'),
    ropeTheta: number('rope.freq_base', 10_000),
    rmsNormEps: decimal(number('attention.layer_norm_rms_epsilon')),
    tiedHead: !tensors.some(({ name }) => name === 'output.weight'),
    contextLength: number('context_length'),
    endTokens: endTokensOf(metadata),
  } satisfies ModelConfig | Record<string, unknown>);
  if (!parsed.success) throw damaged(file, `its metadata makes no model (${parsed.error.issues[0]?.path.join('.')})`);
  return parsed.data;
}

/** 1e-5 was stored as f32; its shortest decimal is what the config said. */
const decimal = (value: number): number => Number(value.toPrecision(7));

function storedTensor(source: ByteSource, info: GgufTensorInfo, config: ModelConfig): StoredTensor {
  const file = baseName(source);
  const format = FORMATS[info.type];
  if (!format) {
    throw new FormatError(
      `${file}: ${info.name} is stored as ${OTHER_TYPES[info.type] ?? `type ${info.type}`}, which is not supported`,
      'Use a conversion to F32, F16, BF16, Q8_0, Q4_0 or Q4_1 (llama-quantize makes them; add --pure so that no other type is mixed in).',
    );
  }
  const shape = info.sizes.toReversed();
  const bytes = tensorBytes(format, shape);
  if (!Number.isSafeInteger(bytes))
    throw damaged(file, `${info.name} (${shape.join(', ')}) is not whole ${format} blocks`);
  if (info.offset + bytes > source.size) throw damaged(file, `${info.name} lies past the end of the file`);
  const read = () => source.read(info.offset, info.offset + bytes);
  const name = huggingFaceName(info.name);
  const permutedHeads = permuted(info.name, config);
  return {
    name,
    shape,
    format,
    bytes,
    read: permutedHeads ? async () => unpermuteRows(await read(), permutedHeads, config.headSize) : read,
  };
}

/** `blk.3.attn_q.weight` → `model.layers.3.self_attn.q_proj.weight`; a name that we do not know stays as it is. */
function huggingFaceName(name: string): string {
  const [, layer, stem, kind] = /^blk\.(\d+)\.(\w+)\.(weight|bias)$/.exec(name) ?? [];
  if (layer && stem && LAYER_NAMES[stem]) return `model.layers.${Number(layer)}.${LAYER_NAMES[stem]}.${kind}`;
  const top = TOP_NAMES[name.replace(/\.weight$/, '')];
  return top && name.endsWith('.weight') ? `${top}.weight` : name;
}

/** Heads of a matrix whose rows the converter reordered: queries and keys of the llama architecture; 0 for others. */
function permuted(name: string, config: ModelConfig): number {
  if (config.architecture !== 'llama') return 0;
  if (name.endsWith('.attn_q.weight')) return config.heads;
  return name.endsWith('.attn_k.weight') ? config.keyValueHeads : 0;
}

/**
 * llama.cpp's converter interleaves the two halves of each head (its RoPE turns neighbours), so file row 2j + t of a head is row t·D/2 + j in
 * Hugging Face order. Rows are whole, so quantised blocks stay intact.
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
