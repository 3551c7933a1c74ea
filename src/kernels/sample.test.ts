import { expect, it } from 'vitest';
import randomWgsl from '../../shaders/lib/random.wgsl?raw';
import type { Gpu } from '../gpu/gpu';
import { compile } from '../gpu/kernel';
import { guarded, poison, readGuarded, seeded, testGpu } from '../gpu/test/testGpu';
import { random, unitFloat } from '../random';
import { worstError } from '../reference/gradientCheck';
import { type SampleOptions, sampleReference } from '../reference/sample';
import { logprob } from './logprob';
import { bitsetWords, sample } from './sample';

const plain: SampleOptions = { temperature: 1, topK: 0, topP: 1, minP: 0, repetitionPenalty: 1 };
const sizes = [1, 7, 8, 65, 257, 1031];

/** Logits with many ties (rounded to quarters) in every second row. */
const rows = (B: number, V: number) =>
  seeded(B * V, V).map((x, i) => (Math.floor(i / V) % 2 ? Math.round(8 * x) / 4 : 2 * x));

function inputs(gpu: Gpu, B: number, V: number, logits: Float32Array) {
  const counting = Uint32Array.from({ length: B }, (_, b) => b);
  return {
    logits: guarded(gpu, 'logits', [B, V], logits),
    rowSlot: gpu.tensor('rowSlot', [B], counting),
    rowPosition: gpu.tensor('rowPosition', [B], counting),
    seed: gpu.tensor('seed', [B], new Uint32Array(B).fill(42)),
    seen: gpu.tensor('seen', [B, bitsetWords(V)], new Uint32Array(B * bitsetWords(V))),
    cut: gpu.tensor('cut', [B, 2], new Uint32Array(2 * B)),
    token: gpu.tensor('token', [B], new Uint32Array(B)),
    score: gpu.tensor('score', [B, 2]),
  };
}

/** The tokens of a row of scaled logits that a cut (key, index) keeps, see lib/select.wgsl. */
function keptBy(cut: Uint32Array, logits: Float32Array): number[] {
  const bits = new Uint32Array(Float32Array.from(logits).buffer);
  const keys = bits.map((word) => (word >>> 31 ? ~word : word | 0x80000000) >>> 0);
  return [...keys.keys()].filter((v) => keys[v]! > cut[0]! || (keys[v] === cut[0] && v <= cut[1]!));
}

it.each([...sizes, 49152])('keeps exactly the tokens of the reference at V=%i', async (V) => {
  const gpu = await testGpu();
  const op = await sample(gpu);
  const B = V > 2000 ? 2 : 4;
  const logits = rows(B, V);
  const t = { ...inputs(gpu, B, V, logits), cut: guarded(gpu, 'cut', [B, 2], new Uint32Array(2 * B)) };
  const filters = [
    { topK: 1 },
    { topK: 7 },
    { topK: 50 },
    { topP: 0.001 },
    { topP: 0.5 },
    { topP: 0.95 },
    { topK: 20, topP: 0.9 },
  ];
  for (const options of filters.map((change) => ({ ...plain, ...change }))) {
    if (options.topP === 1 && options.topK >= V) continue; // nothing to cut
    gpu.write(t.cut, new Uint32Array(2 * B).fill(0xffffffff));
    op.forward(gpu.recorder, t, options);
    await readGuarded(gpu, t.cut);
    const cuts = await gpu.readU32(t.cut);
    for (let b = 0; b < B; b++) {
      const row = logits.subarray(b * V, (b + 1) * V);
      const { kept } = sampleReference(row, new Set(), options, 0);
      expect(keptBy(cuts.subarray(2 * b, 2 * b + 2), row), `${JSON.stringify(options)} row ${b}`).toEqual(kept);
    }
  }
});

const cases: Partial<SampleOptions>[] = [
  {},
  { temperature: 0 },
  { temperature: 0, repetitionPenalty: 1.5 },
  { temperature: 0.6, topK: 20, topP: 0.95 },
  { topK: 1 },
  { topK: 7, repetitionPenalty: 1.3 },
  { topP: 0.5 },
  { minP: 0.3 },
  { minP: 1 }, // only the likeliest token, and those as likely
  { temperature: 2, topK: 50, topP: 0.9, minP: 0.05, repetitionPenalty: 1.2 },
];

it.each([...sizes, 49152])('draws, scores and marks as the reference at V=%i', async (V) => {
  const gpu = await testGpu();
  const op = await sample(gpu);
  const B = V > 2000 ? 2 : 9;
  const S = B + 2;
  const words = bitsetWords(V);
  const logits = rows(B, V);
  const seen = new Uint32Array(S * words);
  for (let slot = 0; slot < S; slot++) {
    for (let v = slot % 3; v < V; v += 5) seen[slot * words + (v >> 5)]! |= 1 << (v & 31);
  }
  const isSeen = (slot: number, v: number) => ((seen[slot * words + (v >> 5)]! >>> (v & 31)) & 1) === 1;
  const slots = Uint32Array.from({ length: B }, (_, b) => (b * 2 + 1) % S);
  const positions = Uint32Array.from({ length: B }, (_, b) => 100 * b);
  const seeds = Uint32Array.from({ length: S }, (_, slot) => 0x9e3779b9 * (slot + 1));
  let borders = 0;

  for (const options of (V > 2000 ? [cases[3], cases[9]] : cases).map((change) => ({ ...plain, ...change }))) {
    const t = {
      ...inputs(gpu, B, V, logits),
      rowSlot: gpu.tensor('rowSlot', [B], slots),
      rowPosition: gpu.tensor('rowPosition', [B], positions),
      seed: gpu.tensor('seed', [S], seeds),
      seen: gpu.tensor('seen', [S, words], seen),
      token: guarded(gpu, 'token', [B], new Uint32Array(B).fill(0xffffffff)),
      score: guarded(gpu, 'score', [B, 2], poison(2 * B)),
    };
    op.forward(gpu.recorder, t, options);
    await readGuarded(gpu, t.token);
    const token = await gpu.readU32(t.token);
    const wantSeen = seen.slice();
    const wantScore = new Float64Array(2 * B);
    for (let b = 0; b < B; b++) {
      const slot = slots[b]!;
      const drawn = token[b]!;
      const u = unitFloat(random([seeds[slot]!, 0], [positions[b]! + 1, 0])[0]);
      const known = new Set(Array.from({ length: V }, (_, v) => v).filter((v) => isSeen(slot, v)));
      const want = sampleReference(logits.subarray(b * V, (b + 1) * V), known, options, u);
      // The cumulative sum is f32 here: a draw that close to the border between two tokens may fall on the other side.
      const at = want.kept.indexOf(drawn);
      const [from, to] = [want.cumulative[at - 1] ?? 0, want.cumulative[at]!];
      const message = `${JSON.stringify(options)} row ${b}, u ${u}: ${drawn} has ${from} to ${to}, expected ${want.token}`;
      expect(from - 2e-6 <= u && u < to + 2e-6, message).toBe(true);
      if (drawn !== want.token) borders++;
      wantScore.set([want.logprobOf(drawn), want.entropy], 2 * b);
      if (options.repetitionPenalty !== 1) wantSeen[slot * words + (drawn >> 5)]! |= 1 << (drawn & 31);
    }
    const worst = worstError(await readGuarded(gpu, t.score), wantScore, { atol: 2e-5, rtol: 1e-5 });
    expect(worst.ratio, `${JSON.stringify(options)} ${JSON.stringify(worst)}`).toBeLessThan(1);
    expect(await gpu.readU32(t.seen)).toEqual(wantSeen);
  }
  expect(borders).toBeLessThan(2);
});

it.each([1, 1.4])(
  'reports the very bits that the logprob kernel gives in the update, penalty %f',
  async (repetitionPenalty) => {
    const gpu = await testGpu();
    const [draw, again] = [await sample(gpu), await logprob(gpu)];
    const [B, V] = [5, 1031];
    const t = inputs(gpu, B, V, rows(B, V));
    gpu.write(t.seen, seededBits(B * bitsetWords(V)));
    draw.forward(gpu.recorder, t, { ...plain, temperature: 0.7, repetitionPenalty });
    const outputs = { logprob: gpu.tensor('a', [B]), lse: gpu.tensor('b', [B]), entropy: gpu.tensor('c', [B]) };
    again.forward(gpu.recorder, { ...outputs, logits: t.logits, target: t.token }, { temperature: 0.7 });
    const score = await gpu.readF32(t.score);
    expect(score.filter((_, i) => i % 2 === 0)).toEqual(await gpu.readF32(outputs.logprob));
    expect(score.filter((_, i) => i % 2 === 1)).toEqual(await gpu.readF32(outputs.entropy));
  },
);

/** Half of all tokens. */
const seededBits = (words: number) => new Uint32Array(words).fill(0x5555aaaa);

it('draws tokens as often as their probability says', async () => {
  const gpu = await testGpu();
  const op = await sample(gpu);
  const p = [0.3, 0.05, 0.2, 0.01, 0.04, 0.1, 0.15, 0.05, 0.1];
  const [B, V] = [4096, p.length];
  const t = inputs(
    gpu,
    B,
    V,
    Float32Array.from({ length: B * V }, (_, i) => Math.log(p[i % V]!)),
  );
  op.forward(gpu.recorder, t, plain);
  const counts = p.map(() => 0);
  for (const v of await gpu.readU32(t.token)) counts[v]!++;
  const chiSquare = p.reduce((sum, share, v) => sum + (counts[v]! - B * share) ** 2 / (B * share), 0);
  expect(chiSquare, counts.join()).toBeLessThan(26.1); // 0.1 % point at 8 degrees of freedom

  op.forward(gpu.recorder, t, { ...plain, topK: 4 }); // 0.3, 0.2, 0.15 and the first 0.1
  expect([...new Set(await gpu.readU32(t.token))].sort()).toEqual([0, 2, 5, 6]);
});

it('ends with a token of the vocabulary even when the logits are NaN', async () => {
  const gpu = await testGpu();
  const op = await sample(gpu);
  const V = 100;
  const t = inputs(gpu, 1, V, poison(V));
  op.forward(gpu.recorder, t, { ...plain, topK: 5, topP: 0.9 });
  expect((await gpu.readU32(t.token))[0]).toBeLessThan(V);
  expect((await gpu.readF32(t.score))[0]).toBeNaN();
});

it('has floats of 24 bits, as random.ts has', async () => {
  const gpu = await testGpu();
  const words = Uint32Array.of(0, 0xff, 0x100, 0x1ff, 0x80000000, 0xffffff00, 0xffffffff);
  const floats = `
@group(0) @binding(0) var<storage, read> words: array<u32>;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;
@compute @workgroup_size(1)
fn main(@builtin(workgroup_id) group: vec3u) { y[group.x] = unit_float(words[group.x]); }`;
  const bindings = { words: 'read', y: 'write' } as const;
  const kernel = await compile(gpu, { label: 'floats', source: [randomWgsl, floats], bindings, params: {} });
  const y = guarded(gpu, 'y', [words.length], poison(words.length));
  kernel.record(gpu.recorder, { words: gpu.tensor('words', [words.length], words), y }, {}, words.length);
  expect([...(await readGuarded(gpu, y))]).toEqual([...words].map(unitFloat));
});
