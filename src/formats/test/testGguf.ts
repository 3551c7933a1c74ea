import type { ModelConfig } from '../../domain/model';
import { familyOf } from '../../families/families';
import { tensorShapes } from '../../families/tensors';
import { unpermuteRows } from '../gguf';
import { type ByteSource, bytesSource } from '../source';
import { tinyTensors, tinyTokenizer } from './testModel';

/** GGUF files for tests only, made in memory. */
type Scalar = { u32: number } | { f32: number } | { text: string } | { flag: boolean };
export type Metadata = Record<string, Scalar | { texts: readonly string[] } | { ints: readonly number[] }>;
export type GgufTensor = { name: string; sizes: readonly number[]; type: number; bytes: Uint8Array };

/** The metadata of a GGUF of that model. */
export function tinyGgufMetadata(config: ModelConfig): Metadata {
  const { tokenizer } = tinyTokenizer();
  const entries = Object.entries(tokenizer.model.vocab).sort((a, b) => a[1] - b[1]);
  const special = new Map(tokenizer.added_tokens.map(({ content, special }) => [content, special ? 3 : 4]));
  const a = familyOf(config).gguf.architecture;
  return {
    'general.architecture': { text: a },
    [`${a}.block_count`]: { u32: config.layers },
    [`${a}.context_length`]: { u32: config.contextLength },
    [`${a}.embedding_length`]: { u32: config.channels },
    [`${a}.feed_forward_length`]: { u32: config.hidden },
    [`${a}.attention.head_count`]: { u32: config.heads },
    [`${a}.attention.head_count_kv`]: { u32: config.keyValueHeads },
    [`${a}.attention.key_length`]: { u32: config.headSize },
    [`${a}.attention.layer_norm_rms_epsilon`]: { f32: config.rmsNormEps },
    [`${a}.rope.freq_base`]: { f32: config.ropeTheta },
    ...(config.window && { [`${a}.attention.sliding_window`]: { u32: config.window } }),
    'tokenizer.ggml.model': { text: 'gpt2' },
    'tokenizer.ggml.pre': { text: 'gpt-2' },
    'tokenizer.ggml.tokens': { texts: entries.map(([token]) => token) },
    'tokenizer.ggml.token_type': { ints: entries.map(([token]) => special.get(token) ?? 1) },
    'tokenizer.ggml.merges': { texts: tokenizer.model.merges.map((merge) => [merge].flat().join(' ')) },
    'tokenizer.ggml.bos_token_id': { u32: 257 },
    'tokenizer.ggml.eos_token_id': { u32: 258 },
    'tokenizer.ggml.add_bos_token': { flag: false },
  };
}

/** The tensors of tinyTensors in F32 under GGUF names, with queries and keys permuted as llama.cpp's converter does. */
export function tinyGgufTensors(config: ModelConfig): GgufTensor[] {
  return [...tinyTensors(config)].map(([name, values]) => {
    const bytes = new Uint8Array(values.buffer);
    const projection = /[qk]_proj(?=.weight)/.exec(name)?.[0];
    const count = { q_proj: config.heads, k_proj: config.keyValueHeads }[projection ?? ''] ?? 0;
    const heads = ['llama', 'mistral', 'smollm3'].includes(config.architecture) ? count : 0; // the converter's choice, stated here once more
    return {
      name: ggufName(config, name),
      sizes: tensorShapes(config).get(name)!.toReversed(),
      type: 0,
      bytes: heads > 0 ? permuteRows(bytes, heads, config.headSize) : bytes,
    };
  });
}

/** The inverse of unpermuteRows, found by sending row numbers through it. */
function permuteRows(bytes: Uint8Array, heads: number, headSize: number): Uint8Array {
  const rows = heads * headSize;
  const order = unpermuteRows(
    Uint8Array.from({ length: rows }, (_, row) => row),
    heads,
    headSize,
  );
  const out = new Uint8Array(bytes.length);
  const size = bytes.length / rows;
  order.forEach((from, row) => {
    out.set(bytes.subarray(row * size, (row + 1) * size), from * size);
  });
  return out;
}

function ggufName({ architecture }: ModelConfig, name: string): string {
  const stems: Record<string, string> = {
    input_layernorm: 'attn_norm',
    post_attention_layernorm: architecture === 'gemma3' ? 'post_attention_norm' : 'ffn_norm',
    pre_feedforward_layernorm: 'ffn_norm',
    post_feedforward_layernorm: 'post_ffw_norm',
    o_proj: 'attn_output',
    embed_tokens: 'token_embd',
    norm: 'output_norm',
    lm_head: 'output',
  };
  const parts = name.split('.');
  const stem = parts.at(-2)!;
  const short =
    stems[stem] ??
    (/^(gate|up|down)_/.test(stem) ? `ffn_${stem.replace('_proj', '')}` : `attn_${stem.replace('_proj', '')}`);
  return parts[1] === 'layers' ? `blk.${parts[2]}.${short}.${parts.at(-1)}` : `${short}.weight`;
}

/** A GGUF file, version 3. */
export function ggufBytes(metadata: Metadata, tensors: readonly GgufTensor[]): Uint8Array {
  const out: number[] = [];
  const u32 = (value: number) => out.push(...new Uint8Array(Uint32Array.of(value).buffer));
  const u64 = (value: number) => out.push(...new Uint8Array(BigUint64Array.of(BigInt(value)).buffer));
  const text = (value: string) => {
    const bytes = new TextEncoder().encode(value);
    u64(bytes.length);
    out.push(...bytes);
  };
  u32(0x46554747);
  u32(3);
  u64(tensors.length);
  u64(Object.keys(metadata).length);
  for (const [key, value] of Object.entries(metadata)) {
    text(key);
    if ('u32' in value) {
      u32(4);
      u32(value.u32);
    } else if ('f32' in value) {
      u32(6);
      out.push(...new Uint8Array(Float32Array.of(value.f32).buffer));
    } else if ('flag' in value) {
      u32(7);
      out.push(Number(value.flag));
    } else if ('text' in value) {
      u32(8);
      text(value.text);
    } else {
      u32(9);
      const items = 'texts' in value ? value.texts : value.ints;
      u32('texts' in value ? 8 : 5);
      u64(items.length);
      for (const item of items) typeof item === 'string' ? text(item) : u32(item);
    }
  }
  let offset = 0;
  for (const { name, sizes, type, bytes } of tensors) {
    text(name);
    u32(sizes.length);
    for (const size of sizes) u64(size);
    u32(type);
    u64(offset);
    offset += Math.ceil(bytes.length / 32) * 32;
  }
  const start = Math.ceil(out.length / 32) * 32;
  const file = new Uint8Array(start + offset);
  file.set(out);
  let at = start;
  for (const { bytes } of tensors) {
    file.set(bytes, at);
    at += Math.ceil(bytes.length / 32) * 32;
  }
  return file;
}

export const tinyGguf = (config: ModelConfig): ByteSource[] => [
  bytesSource('tiny.gguf', ggufBytes(tinyGgufMetadata(config), tinyGgufTensors(config))),
];
