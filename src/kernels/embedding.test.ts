import { expect, it } from 'vitest';
import type { Gpu } from '../gpu/gpu';
import { guarded, poison, readGuarded, seeded, testGpu } from '../gpu/test/testGpu';
import { embeddingBackward, embeddingForward } from '../reference/embedding';
import { half } from '../reference/gemmWeight';
import { worstError } from '../reference/gradientCheck';
import { embedding } from './embedding';
import { QUANT_BLOCK, strideOf, VALUES_PER_WORD, type Weight, type WeightFormat } from './weights/weight';

const f64 = (a: Float32Array) => Float64Array.from(a);
const exact = { atol: 1e-6, rtol: 1e-6 };
const random = (i: number, seed: number) => (Math.imul(i + 1, 2654435761) ^ Math.imul(seed, 40503)) >>> 0;

/**
 * A weight with arbitrary finite bits in `shards` shards, and the values (K, N) that those bits mean by
 * kernels/weights/weight.ts.
 */
function weightOf(gpu: Gpu, format: WeightFormat, K: number, counts: readonly number[]) {
  const N = counts.reduce((a, b) => a + b, 0);
  const P = VALUES_PER_WORD[format];
  const bits = 32 / P;
  const quantised = format === 'q8' || format === 'q4';
  const values = new Float64Array(K * N);
  let start = 0;
  const shards = counts.map((count, s) => {
    const stride = strideOf(count);
    // f16 and bf16: clear the exponent's top bit, so that nothing is infinite. f32: the seeded values' own bits.
    const mask = { f32: 0xffffffff, bf16: 0xbfffbfff, f16: 0xbfffbfff, q8: 0xffffffff, q4: 0xffffffff }[format];
    const words =
      format === 'f32'
        ? new Uint32Array(seeded(K * stride, s).buffer)
        : Uint32Array.from({ length: Math.ceil(K / P) * stride }, (_, i) => random(i, s) & mask);
    const scales = Uint32Array.from({ length: (K / QUANT_BLOCK) * stride }, (_, i) => random(i, s + 9) & 0xbfffbfff);
    for (let k = 0; k < K; k++) {
      for (let n = 0; n < count; n++) {
        const word = words[Math.floor(k / P) * stride + n]!;
        const raw = P === 1 ? word : (word >>> (bits * (k % P))) & (2 ** bits - 1);
        const scale = scales[Math.floor(k / QUANT_BLOCK) * stride + n] ?? 0;
        const [d, m] = [half(scale & 0xffff), half(scale >>> 16)];
        const value = {
          f32: () => new Float32Array(Uint32Array.of(raw).buffer)[0]!,
          bf16: () => new Float32Array(Uint32Array.of(raw << 16).buffer)[0]!,
          f16: () => half(raw),
          q8: () => d * ((raw << 24) >> 24) + m,
          q4: () => d * raw + m,
        }[format]();
        values[k * N + start + n] = value;
      }
    }
    start += count;
    return {
      start: start - count,
      count,
      words: gpu.tensor('words', [words.length], words),
      ...(quantised && { scales: gpu.tensor('scales', [scales.length], scales) }),
    };
  });
  const weight: Weight = { label: format, format, K, N, shards };
  return { weight, values };
}

it.each([
  ['f32', 5, [7], 3],
  ['f32', 70, [4, 8, 3], 20],
  ['bf16', 7, [4, 5], 9],
  ['bf16', 130, [33], 64],
  ['f16', 9, [8, 2], 5],
  ['q8', 32, [4, 4, 1], 7],
  ['q8', 96, [13], 65],
  ['q4', 32, [9], 3],
  ['q4', 64, [4, 5], 33],
] as const)('looks up %s rows of C=%i in shards %j, N=%i', async (format, C, counts, N) => {
  const gpu = await testGpu();
  const op = await embedding(gpu);
  const { weight, values } = weightOf(gpu, format, C, counts);
  const token = Uint32Array.from({ length: N }, (_, n) => (n === 0 ? weight.N - 1 : random(n, 3) % weight.N));
  const x = guarded(gpu, 'x', [N, C], poison(N * C));
  op.forward(gpu.recorder, { token: gpu.tensor('token', [N], token), x }, weight);
  const worst = worstError(await readGuarded(gpu, x), embeddingForward(token, values, C), exact);
  expect(worst.ratio, JSON.stringify(worst)).toBeLessThan(1);
});

it.each([
  [1, 1, [1]],
  [70, 5, [4, 9]],
  [40, 65, [16, 16, 3]],
] as const)('adds the gradients of repeated tokens at N=%i C=%i in shards %j', async (N, C, counts) => {
  const gpu = await testGpu();
  const op = await embedding(gpu);
  const { weight, values } = weightOf(gpu, 'f32', C, counts);
  const token = Uint32Array.from({ length: N }, (_, n) => random(n, 5) % weight.N);
  const dx = seeded(N * C, 2);
  const rows = Math.ceil(N / 2);
  const t = { token: gpu.tensor('token', [N], token), dx: gpu.tensor('dx', [N, C], dx) };
  op.backward(gpu.recorder, t, weight, { rows });
  embeddingBackward(f64(dx.slice(0, rows * C)), token.slice(0, rows), values);
  for (const { start, count, words } of weight.shards) {
    const got = await gpu.readF32({ ...words, type: 'f32' });
    const stride = strideOf(count);
    const index = Array.from({ length: C * count }, (_, i) => [Math.floor(i / count), i % count] as const);
    const worst = worstError(
      index.map(([c, v]) => got[c * stride + v]!),
      index.map(([c, v]) => values[c * weight.N + start + v]!),
      { atol: 1e-5, rtol: 1e-5 },
    );
    expect(worst.ratio, JSON.stringify(worst)).toBeLessThan(1);
  }
});

it('names a weight whose K is not C, and a gradient that is not f32', async () => {
  const gpu = await testGpu();
  const op = await embedding(gpu);
  const { weight } = weightOf(gpu, 'bf16', 6, [4]);
  const token = gpu.tensor('token', [2], new Uint32Array(2));
  expect(() => op.forward(gpu.recorder, { token, x: gpu.tensor('x', [2, 5]) }, weight)).toThrow(
    'bf16: K is 6 here but C is 5 in x',
  );
  expect(() => op.backward(gpu.recorder, { token, dx: gpu.tensor('dx', [2, 6]) }, weight)).toThrow('gradients are f32');
});
