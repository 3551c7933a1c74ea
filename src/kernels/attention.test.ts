import { expect, it } from 'vitest';
import { guarded, poison, readGuarded, seeded, testGpu } from '../gpu/test/testGpu';
import { attentionBackward, attentionForward } from '../reference/attention';
import { worstError } from '../reference/gradientCheck';
import { attention } from './attention';

const f64 = (a: Float32Array) => Float64Array.from(a);

/** start and end of every row of packed sequences. */
function packed(lengths: readonly number[]) {
  const start: number[] = [];
  const end: number[] = [];
  for (const length of lengths) {
    const first = start.length;
    start.push(...Array(length).fill(first));
    end.push(...Array(length).fill(first + length));
  }
  return { N: start.length, start: Uint32Array.from(start), end: Uint32Array.from(end) };
}

/**
 * Boundaries inside a tile, on its edge and after its first row; sequences that cross tiles; for 16, 32 and 64 rows to
 * a workgroup.
 */
const PACKED: readonly (readonly number[])[] = [
  [20, 20],
  [1, 39],
  [33, 7],
  [15, 33, 21],
  [64, 1, 3],
];
const packedCases = (['plain', 'subgroup', 'workgroup'] as const).flatMap((variant) =>
  PACKED.map((lengths) => [lengths, 4, 2, 8, variant] as const),
);

// The variant that this adapter gets, and the one for adapters without what it needs: small, as Lavapipe compiles it
// slowly. Sequences below, at and above the workgroup (16 or 64 rows), of one row, and many of them; groups of 1, 2 and
// 3 heads.
it.each([
  [[1], 1, 1, 4],
  [[7], 2, 1, 32],
  [[1, 1, 1], 3, 3, 8],
  [[16, 64], 2, 2, 8],
  [[65, 1, 17], 3, 1, 64],
  [[3, 130, 2], 4, 2, 16],
  [[20, 9], 2, 1, 16],
  [[5, 6], 1, 1, 12],
  [Array.from({ length: 40 }, (_, i) => 1 + (i % 5)), 2, 1, 16],
  [[5, 18], 2, 1, 32, 'subgroup', 4], // subgroups of four, as SwiftShader has
  // Tiles of 32 rows by 32: below, at and above them, at the head sizes of real models.
  [[1, 31, 33, 2], 3, 1, 8, 'workgroup'],
  [[1, 31, 33, 2], 2, 1, 8, 'workgroup', 8, true], // with loops unrolled, as on cards
  [[70, 1, 27], 2, 1, 64, 'workgroup'],
  [[45], 4, 2, 96, 'workgroup'],
  [[32, 65], 2, 1, 128, 'workgroup'],
  [[33, 3], 1, 1, 256, 'workgroup'],
  [[7], 2, 1, 8, 'plain'],
  [[65, 1, 17], 3, 1, 8, 'plain'],
  [[1, 1, 30], 2, 2, 4, 'plain'],
  ...packedCases,
] as const)(
  'matches the reference on sequences of %j rows, H=%i K=%i D=%i %s %s %s',
  async (lengths, H, K, D, variant?, peers?, unrolled?) => {
    const gpu = await testGpu();
    const op = await attention(gpu, { headSize: D, variant, peers, unrolled });
    const { N, start, end } = packed(lengths);
    const wide = [N, H, D];
    const narrow = [N, K, D];
    const [q, dO] = [seeded(N * H * D, 1), seeded(N * H * D, 4)];
    const [k, v] = [seeded(N * K * D, 2), seeded(N * K * D, 3)];
    const t = {
      q: gpu.tensor('q', wide, q),
      k: gpu.tensor('k', narrow, k),
      v: gpu.tensor('v', narrow, v),
      dO: gpu.tensor('dO', wide, dO),
      start: gpu.tensor('start', [N], start),
      end: gpu.tensor('end', [N], end),
      o: guarded(gpu, 'o', wide, poison(N * H * D)),
      lse: guarded(gpu, 'lse', [N, H], poison(N * H)),
      delta: guarded(gpu, 'delta', [N, H], poison(N * H)),
      dq: guarded(gpu, 'dq', wide, poison(N * H * D)),
      dk: guarded(gpu, 'dk', narrow, poison(N * K * D)),
      dv: guarded(gpu, 'dv', narrow, poison(N * K * D)),
    };
    op.forward(gpu.recorder, t);
    op.backward(gpu.recorder, t);

    const sizes = { H, K, D };
    const want = attentionForward(f64(q), f64(k), f64(v), start, sizes);
    const [dq, dk, dv] = [new Float64Array(N * H * D), new Float64Array(N * K * D), new Float64Array(N * K * D)];
    attentionBackward(f64(dO), f64(q), f64(k), f64(v), want.o, want.lse, start, sizes, dq, dk, dv);
    for (const [tensor, expected] of [
      [t.o, want.o],
      [t.lse, want.lse],
      [t.dq, dq],
      [t.dk, dk],
      [t.dv, dv],
    ] as const) {
      const worst = worstError(await readGuarded(gpu, tensor), expected, { atol: 3e-5, rtol: 3e-5 });
      expect(worst.ratio, `${tensor.label} ${JSON.stringify(worst)}`).toBeLessThan(1);
    }
  },
  300_000, // each variant is compiled, which takes a processor a minute where no shader is cached
);

it.each([undefined, 'workgroup'] as const)(
  'stays finite where scores are large, and ignores rows beyond `rows`: %s',
  async (variant) => {
    const gpu = await testGpu();
    const [H, K, D, rows, N] = [1, 1, 4, 5, 9];
    const op = await attention(gpu, { headSize: D, variant });
    const huge = seeded(N * D, 1).map((x) => 40 * x);
    const noise = () =>
      Float32Array.from({ length: N * D }, (_, i) => (i < rows * D ? seeded(N * D, 2)[i]! : Number.NaN));
    const t = {
      q: gpu.tensor('q', [N, H, D], huge),
      k: gpu.tensor('k', [N, K, D], huge),
      v: gpu.tensor('v', [N, K, D], noise()),
      dO: gpu.tensor('dO', [N, H, D], noise()),
      start: gpu.tensor('start', [N], new Uint32Array(N)),
      end: gpu.tensor('end', [N], new Uint32Array(N).fill(rows)),
      o: guarded(gpu, 'o', [N, H, D], seeded(N * D, 7)),
      lse: guarded(gpu, 'lse', [N, H], seeded(N, 7)),
      delta: guarded(gpu, 'delta', [N, H], seeded(N, 7)),
      dq: guarded(gpu, 'dq', [N, H, D], seeded(N * D, 7)),
      dk: guarded(gpu, 'dk', [N, K, D], seeded(N * D, 7)),
      dv: guarded(gpu, 'dv', [N, K, D], seeded(N * D, 7)),
    };
    op.forward(gpu.recorder, t, { rows });
    op.backward(gpu.recorder, t, { rows });
    for (const tensor of [t.o, t.lse, t.delta, t.dq, t.dk, t.dv]) {
      const got = await readGuarded(gpu, tensor);
      const used = (got.length / N) * rows;
      expect(got.subarray(0, used).every(Number.isFinite), tensor.label).toBe(true);
      expect(got.subarray(used), tensor.label).toEqual(seeded(got.length, 7).subarray(used));
    }
  },
);

it('refuses head sizes and head counts that it cannot serve', async () => {
  const gpu = await testGpu();
  await expect(attention(gpu, { headSize: 6 })).rejects.toThrow('head size 6 is not a multiple of 4');
  const op = await attention(gpu, { headSize: 4 });
  const t = Object.fromEntries(['q', 'o'].map((name) => [name, gpu.tensor(name, [2, 3, 4])]));
  const kv = Object.fromEntries(['k', 'v'].map((name) => [name, gpu.tensor(name, [2, 2, 4])]));
  const rest = { start: gpu.tensor('start', [2], new Uint32Array(2)), lse: gpu.tensor('lse', [2, 3]) };
  expect(() => op.forward(gpu.recorder, { ...t, ...kv, ...rest } as never)).toThrow('3 query heads do not divide');
});
