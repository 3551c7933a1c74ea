import type { ModelConfig } from '../../domain/model';
import { familyOf } from '../../families/families';
import { tensorShapes } from '../../families/tensors';
import { mergedFolder } from '../mergedFolder';
import type { OutputFile } from '../outputFile';
import { type ByteSource, bytesSource } from '../source';
import { elements } from '../tensorFormat';
import { type TokenizerFiles, tokenizerFiles } from '../tokenizerFiles';

/**
 * Small models for tests only, made in memory: config, values, tokenizer, Hugging Face folder. testGguf.ts has the same
 * as GGUF.
 */
export const tinyConfig = (change: Partial<ModelConfig> = {}): ModelConfig => ({
  architecture: 'llama',
  vocabulary: 288,
  channels: 64,
  layers: 2,
  heads: 4,
  keyValueHeads: 2,
  headSize: 16,
  hidden: 96,
  ropeTheta: 10_000,
  rmsNormEps: 1e-5,
  tiedHead: true,
  contextLength: 256,
  endTokens: [258],
  ...change,
});

/** Values by Hugging Face name; the same ones every time. */
export function tinyTensors(config: ModelConfig): Map<string, Float32Array> {
  let state = 7;
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32 - 0.5;
  };
  // Norms that a folder keeps less 1 come back exactly when they have few bits.
  const few = (value: number) => Math.round(value * 2 ** 12) / 2 ** 12;
  const rounded = familyOf(config).normOffset !== undefined;
  return new Map(
    [...tensorShapes(config)].map(([name, shape]) => {
      const values = new Float32Array(elements(shape)).map(next);
      return [name, rounded && shape.length === 1 ? values.map(few) : values];
    }),
  );
}

/** All 256 bytes, three control tokens as in ChatML, `<think>` markers, a few merges. */
export function tinyTokenizer(): TokenizerFiles {
  const letters = byteSpellings();
  const merges: [string, string][] = [
    ['h', 'e'],
    ['l', 'l'],
    ['he', 'll'],
    ['hell', 'o'],
    ['Ġ', 'w'],
    ['o', 'r'],
    ['Ġw', 'or'],
  ];
  const markers = ['<|endoftext|>', '<|im_start|>', '<|im_end|>', '<think>', '</think>'];
  const vocab: Record<string, number> = {};
  for (const token of [...letters, ...markers, ...merges.map(([a, b]) => a + b)])
    vocab[token] = Object.keys(vocab).length;
  const byteLevel = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true };
  return tokenizerFiles(
    {
      version: '1.0',
      added_tokens: markers.map((content) => ({
        id: vocab[content]!,
        content,
        special: content.startsWith('<|'),
        single_word: false,
        lstrip: false,
        rstrip: false,
        normalized: false,
      })),
      normalizer: null,
      pre_tokenizer: byteLevel,
      post_processor: null,
      decoder: byteLevel,
      model: { type: 'BPE', vocab, merges },
    },
    { bos_token: '<|im_start|>', eos_token: '<|im_end|>' },
    null,
    [vocab['<|im_end|>']!],
  );
}

/** Byte-level spellings in order of byte. */
export function byteSpellings(): string[] {
  const printable = (b: number) => (b >= 33 && b <= 126) || (b >= 161 && b <= 172) || b >= 174;
  let next = 256;
  return Array.from({ length: 256 }, (_, b) => String.fromCharCode(printable(b) ? b : next++));
}

export const tinyFolder = (config: ModelConfig, { format = 'F32' as 'F32' | 'BF16', shardBytes = 2e9 } = {}) => {
  const tensors = tinyTensors(config);
  return mergedFolder({
    config,
    tokenizer: tinyTokenizer(),
    format,
    shardBytes,
    read: async (name) => tensors.get(name)!,
  });
};

/** What a person would drop: the files read back as sources. */
export async function asSources(files: readonly OutputFile[], folder = 'tiny'): Promise<ByteSource[]> {
  return Promise.all(
    files.map(async (file) => bytesSource(`${folder}/${file.name}`, await allBytes(file.chunks(), file.size))),
  );
}

/** `size` is what was announced; null where nothing was. */
export async function allBytes(chunks: AsyncIterable<Uint8Array>, size: number | null): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  const bytes = new Uint8Array(Buffer.concat(parts));
  if (size !== null && bytes.length !== size) throw new Error(`${bytes.length} bytes came, ${size} were announced`);
  return bytes;
}
