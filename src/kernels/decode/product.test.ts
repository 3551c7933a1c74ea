import { expect, it } from 'vitest';
import { guarded, poison, readGuarded, seeded, testGpu } from '../../gpu/test/testGpu';
import { gemmForward } from '../../reference/gemm';
import { worstError } from '../../reference/gradientCheck';
import { rmsNormForward } from '../../reference/rmsNorm';
import { swigluForward } from '../../reference/swiglu';
import { storedMatrix } from '../test/weightFixture';
import { strideOf, type WeightFormat } from '../weights/weight';
import { readWeight, uploadWeight } from '../weights/weightUpload';
import { decodeProduct, type ProductTile } from './product';

const eps = 1e-5;
const alpha = 1.7;

interface Case {
  readonly M: number;
  readonly K: number;
  /** Columns of each section. */
  readonly N: readonly number[];
  readonly formats: readonly WeightFormat[];
  readonly rank?: number;
  /** Sections whose adapter is there; all where not given. */
  readonly adapted?: readonly boolean[];
  readonly normed?: boolean;
  readonly gated?: boolean;
  readonly accumulate?: boolean;
  readonly tile?: ProductTile;
}

const small: ProductTile = { lanes: 64, across: 4 };
const cases: readonly Case[] = [
  // One row and several tiles of rows; a last tile that is not full; one section, two and three.
  { M: 1, K: 40, N: [36], formats: ['f32'] },
  { M: 11, K: 40, N: [36], formats: ['bf16'], accumulate: true, rank: 6 },
  { M: 9, K: 64, N: [100, 12, 12], formats: ['q4', 'q4', 'q8'], normed: true, rank: 16 },
  { M: 1, K: 64, N: [100, 12, 12], formats: ['q8', 'q8', 'q8'], normed: true, rank: 4 },
  { M: 5, K: 36, N: [20, 68], formats: ['f16', 'bf16'], normed: true, rank: 5, adapted: [false, true] },
  { M: 17, K: 96, N: [72, 72], formats: ['q4', 'q4'], normed: true, rank: 32, gated: true },
  { M: 1, K: 44, N: [20, 20], formats: ['bf16', 'f32'], normed: true, gated: true },
  // The tile that graphics cards get.
  {
    M: 3,
    K: 576,
    N: [192, 64, 64],
    formats: ['q4', 'q4', 'q4'],
    normed: true,
    rank: 16,
    tile: { lanes: 256, across: 16 },
  },
  { M: 1, K: 1536, N: [576], formats: ['bf16'], rank: 16, accumulate: true, tile: { lanes: 256, across: 16 } },
];

it.each(cases)('matches norm, product, adapter and gate one by one: %j', async (c) => {
  const { M, K, N, formats, rank = 0, adapted = N.map(() => true), normed = false, gated = false } = c;
  const accumulate = c.accumulate ?? false;
  const gpu = await testGpu();
  const op = await decodeProduct(gpu, { formats, normed, rank, gated }, c.tile ?? small);
  const weights = N.map((n, i) => uploadWeight(gpu, `w${i}`, storedMatrix(formats[i]!, n, K, 3 + i)));
  const x = seeded(M * K, 1);
  const norm = seeded(K, 2);
  const width = gated ? N[0]! : N.reduce((a, b) => a + b, 0);
  const y0 = accumulate ? seeded(M * width, 9) : poison(M * width);

  // All adapter matrices lie in one buffer, each from a multiple of 256 bytes.
  const pool: number[] = [];
  const place = (data: Float32Array) => {
    const offset = 4 * pool.length;
    pool.push(...data, ...Array<number>((64 - (data.length % 64)) % 64).fill(7e7));
    return offset;
  };
  const a = N.map((_, i) => {
    const padded = new Float32Array(K * strideOf(rank));
    seeded(K * rank, 20 + i).forEach((value, j) => {
      padded[Math.floor(j / rank) * strideOf(rank) + (j % rank)] = value * 0.3;
    });
    return place(padded);
  });
  const b = N.map((n, i) => place(seeded(rank * n, 30 + i).map((value) => value * 0.3)));
  const adapters = gpu.tensor('adapters', [pool.length + 64], Float32Array.from([...pool, ...Array(64).fill(0)]));
  const at = (offset: number) => ({ ...adapters, offset });

  const y = guarded(gpu, 'y', [M, width], y0);
  op(
    gpu.recorder,
    {
      x: guarded(gpu, 'x', [M, K], x),
      y,
      sections: weights.map((weight, i) => ({
        weight,
        adapter: rank > 0 && adapted[i] ? { a: at(a[i]!), b: at(b[i]!) } : null,
      })),
      ...(normed && { norm: gpu.tensor('norm', [K], norm) }),
      adapters,
      alpha,
      eps,
      accumulate,
    },
    M,
  );

  const input = normed ? rmsNormForward(Float64Array.from(x), Float64Array.from(norm), eps).y : Float64Array.from(x);
  const outputs = await Promise.all(
    N.map(async (n, i) => {
      const values = await readWeight(gpu, weights[i]!);
      const W = Float64Array.from({ length: K * n }, (_, j) => values[(j % n) * K + Math.floor(j / n)]!);
      const out = new Float64Array(M * n);
      gemmForward(input, W, out, { M, K, N: n });
      if (rank > 0 && adapted[i]) {
        const A = Float64Array.from(seeded(K * rank, 20 + i), (value) => Math.fround(value * 0.3));
        const B = Float64Array.from(seeded(rank * n, 30 + i), (value) => Math.fround(value * 0.3));
        const t = new Float64Array(M * rank);
        gemmForward(input, A, t, { M, K, N: rank });
        gemmForward(t, B, out, { M, K: rank, N: n }, alpha);
      }
      return out;
    }),
  );
  const want = new Float64Array(M * width);
  if (gated) want.set(swigluForward(outputs[0]!, outputs[1]!));
  else {
    let start = 0;
    N.forEach((n, i) => {
      for (let m = 0; m < M; m++) want.set(outputs[i]!.subarray(m * n, (m + 1) * n), m * width + start);
      start += n;
    });
  }
  if (accumulate)
    want.forEach((_, i) => {
      want[i]! += y0[i]!;
    });
  // Sums of K terms of order 1, and products of two of them behind the gate.
  const scale = Math.max(...want.map(Math.abs));
  const worst = worstError(await readGuarded(gpu, y), want, { atol: 2e-6 * scale + 1e-5, rtol: 1e-5 });
  expect(worst.ratio, JSON.stringify(worst)).toBeLessThan(1);
});

it('gives a row the same bits whatever rows go with it', async () => {
  const gpu = await testGpu();
  const [K, N, M] = [96, 40, 20];
  const op = await decodeProduct(gpu, { formats: ['q4'], normed: true, rank: 0, gated: false }, small);
  const weight = uploadWeight(gpu, 'w', storedMatrix('q4', N, K, 3));
  const norm = gpu.tensor('norm', [K], seeded(K, 2));
  const x = seeded(M * K, 1);
  const run = async (rows: Float32Array) => {
    const count = rows.length / K;
    const y = gpu.tensor('y', [count, N], poison(count * N));
    op(
      gpu.recorder,
      { x: gpu.tensor('x', [count, K], rows), y, sections: [{ weight, adapter: null }], norm, eps },
      count,
    );
    return gpu.readF32(y);
  };
  const all = await run(x);
  for (const m of [0, 7, 8, 19]) {
    expect(await run(x.subarray(m * K, (m + 1) * K)), `row ${m}`).toEqual(all.subarray(m * N, (m + 1) * N));
  }
});
