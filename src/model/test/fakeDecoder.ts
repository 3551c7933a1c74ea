import type { Sampling } from '../../domain/recipe/sampling';
import type { Gpu } from '../../gpu/gpu';
import { compile } from '../../gpu/kernel';
import { random, unitFloat } from '../../random';
import { sampleReference } from '../../reference/sample';
import type { RowDecoder } from '../decodeBatch';

// A stand-in for a model of two layers, for tests of generation. The "keys" of the first are tokens, those of the
// second the hash of all first keys that the block table leads to; the hidden state hashes the second keys, logits hash
// it. A block, position or order that is wrong, or a key that is computed too late, changes every token that follows.

const head = `
struct Params { count: u32, M: u32, V: u32, salt: u32 }
@group(1) @binding(0) var<uniform> params: Params;
fn mix(h: u32) -> u32 { let a = (h ^ (h >> 15u)) * 0x85ebca6bu; return a ^ (a >> 13u); }
`;
const main = '@compute @workgroup_size(64) fn main(@builtin(global_invocation_id) id: vec3u)';
const bind = (binding: number, name: string, access = 'read', type = 'u32') =>
  `@group(0) @binding(${binding}) var<storage, ${access}> ${name}: array<${type}>;`;
const rows = ['value', 'rowSlot', 'rowPosition', 'blockTable'].map((name, i) => bind(i, name)).join('\n');

const writeWgsl = `${head}${rows}${bind(4, 'memory', 'read_write')}
${main} {
  if (id.x >= params.count) { return; }
  let position = rowPosition[id.x];
  memory[16u * blockTable[rowSlot[id.x] * params.M + position / 16u] + position % 16u] = value[id.x] + params.salt;
}`;
const hashWgsl = `${head}${rows.replace('value', 'memory')}${bind(4, 'hidden', 'read_write')}
${main} {
  if (id.x >= params.count) { return; }
  var h = 1u;
  for (var p = 0u; p <= rowPosition[id.x]; p++) {
    h = mix(h + memory[16u * blockTable[rowSlot[id.x] * params.M + p / 16u] + p % 16u]);
  }
  hidden[id.x] = h;
}`;
const logitsWgsl = `${head}${bind(0, 'logitRow')}${bind(1, 'hidden')}${bind(2, 'logits', 'read_write', 'f32')}
${main} {
  if (id.x >= params.count * params.V) { return; }
  logits[id.x] = f32(mix(hidden[logitRow[id.x / params.V]] + 77u * (id.x % params.V)) >> 8u) / 4194304.0;
}`;

export interface FakeSizes {
  readonly rows: number;
  readonly slots: number;
  readonly blocks: number;
  readonly maxBlocks: number;
  readonly vocabulary: number;
  readonly contextLength: number;
}

export async function fakeDecoder(gpu: Gpu, s: FakeSizes): Promise<RowDecoder & { passes: number[] }> {
  const params = { count: 'u32', M: 'u32', V: 'u32', salt: 'u32' } as const;
  const place = { rowSlot: 'read', rowPosition: 'read', blockTable: 'read' } as const;
  const write = await compile(gpu, {
    label: 'fake.write',
    source: [writeWgsl],
    bindings: { value: 'read', ...place, memory: 'update' },
    params,
  });
  const hash = await compile(gpu, {
    label: 'fake.hash',
    source: [hashWgsl],
    bindings: { memory: 'read', ...place, hidden: 'write' },
    params,
  });
  const project = await compile(gpu, {
    label: 'fake.logits',
    source: [logitsWgsl],
    bindings: { logitRow: 'read', hidden: 'read', logits: 'write' },
    params,
  });
  const u32 = (name: string, ...shape: number[]) => gpu.tensor(name, shape, undefined, 'u32');
  const buffers = {
    rowToken: u32('rowToken', s.rows),
    rowSlot: u32('rowSlot', s.rows),
    rowPosition: u32('rowPosition', s.rows),
    blockTable: u32('blockTable', s.slots, s.maxBlocks),
    logitRow: u32('logitRow', s.slots),
    logits: gpu.tensor('logits', [s.slots, s.vocabulary]),
  };
  const hidden = u32('hidden', s.rows);
  const layers = [u32('keys 0', s.blocks * 16), u32('keys 1', s.blocks * 16)];
  const passes: number[] = [];
  return {
    buffers,
    passes,
    maxRows: s.rows,
    slots: s.slots,
    contextLength: s.contextLength,
    forward(to, count, adapter) {
      passes.push(count);
      layers.forEach((memory, layer) => {
        const salt = adapter && layer === 0 ? 1000 : 0;
        const values = { count, M: s.maxBlocks, V: s.vocabulary, salt };
        const value = layer === 0 ? buffers.rowToken : hidden;
        write.record(to, { ...buffers, value, memory }, values, Math.ceil(count / 64));
        hash.record(to, { ...buffers, hidden, memory }, values, Math.ceil(count / 64));
      });
    },
    logits(to, count) {
      const values = { count, M: s.maxBlocks, V: s.vocabulary, salt: 0 };
      project.record(to, { ...buffers, hidden }, values, Math.ceil((count * s.vocabulary) / 64));
    },
  };
}

const mix = (h: number) => {
  const a = Math.imul(h ^ (h >>> 15), 0x85ebca6b) >>> 0;
  return (a ^ (a >>> 13)) >>> 0;
};

/** What the fake says comes after `tokens`. */
export function fakeLogits(tokens: ArrayLike<number>, vocabulary: number, adapter: boolean): Float32Array {
  let [first, h] = [1, 1];
  for (let i = 0; i < tokens.length; i++) {
    first = mix((first + tokens[i]! + (adapter ? 1000 : 0)) >>> 0);
    h = mix((h + first) >>> 0);
  }
  return Float32Array.from({ length: vocabulary }, (_, v) => (mix((h + 77 * v) >>> 0) >>> 8) / 4194304);
}

/** A completion one token at a time, without any cache. */
export function fakeCompletion(
  prompt: Int32Array,
  seed: number,
  sampling: Sampling,
  stops: (token: number) => boolean,
  vocabulary: number,
  adapter: boolean,
) {
  const tokens = [...prompt];
  const logprobs: number[] = [];
  const entropies: number[] = [];
  while (logprobs.length < sampling.maxNewTokens) {
    const u = unitFloat(random([seed, 0], [tokens.length, 0])[0]);
    const draw = sampleReference(fakeLogits(tokens, vocabulary, adapter), new Set(tokens), sampling, u);
    tokens.push(draw.token);
    logprobs.push(draw.logprob);
    entropies.push(draw.entropy);
    if (stops(draw.token)) break;
  }
  return { tokens: tokens.slice(prompt.length), logprobs, entropies };
}
