import { expect, it } from 'vitest';
import { guarded, poison, readGuarded, seeded, testGpu } from '../../gpu/test/testGpu';
import { gemmForward, gemmInputGrad, gemmWeightGrad } from '../../reference/gemm';
import { worstError } from '../../reference/gradientCheck';
import { only } from '../test/gemmTable';
import { paddingOf, storedMatrix, transposed } from '../test/weightFixture';
import type { Weight, WeightFormat } from '../weights/weight';
import { readWeight, uploadWeight, zeroWeight } from '../weights/weightUpload';
import { gemm } from './gemm';
import {
  ALL_FORMATS,
  chooseVariant,
  defaultTable,
  type GemmVariant,
  register,
  split,
  subgroup,
  workgroup,
} from './gemmVariants';

const f64 = (a: Float32Array) => Float64Array.from(a);

// What gemm.test.ts does not reach, as the default table here uses subgroups. Sizes that are multiples of four are read
// in fours, others one by one.
const variants: readonly (readonly [string, GemmVariant, readonly WeightFormat[], fours: boolean])[] = [
  ['register', register(16, 4, 3, 1), ['f32', 'bf16', 'q8'], false],
  ['workgroup', workgroup(4, 1, 8), ['f32', 'bf16', 'q4'], false],
  ['wide workgroup', workgroup(8, 2, 8), ['f32', 'f16', 'q8'], true],
  ['split', split(32, 4, 3), ['f32', 'f16', 'q8'], false],
  ['grouped split', split(64, 4, 4, 2), ['f32', 'bf16', 'q4', 'q8'], true],
];
const cases = variants.flatMap(([name, variant, formats, fours]) =>
  formats.map((format) => [name, format, variant, fours] as const),
);

it.each(cases)('%s with %s weights agrees with the reference', async (_, format, variant, fours) => {
  const gpu = await testGpu();
  const op = await gemm(gpu, { table: only(variant) });
  await op.prepare(format);
  const [M, N, rows] = [21, fours ? 76 : 75, 19];
  const K = format === 'q8' || format === 'q4' ? 96 : fours ? 68 : 67;
  const weight = uploadWeight(gpu, 'W', storedMatrix(format, N, K, 3), { maxBytes: 4 * K * 40 });
  const W = transposed(await readWeight(gpu, weight), N, K);
  const x = seeded(M * K, 1).fill(Number.NaN, rows * K);
  const dy = seeded(M * N, 2).fill(Number.NaN, rows * N);
  const dx0 = seeded(M * K, 5);
  const t = {
    x: guarded(gpu, 'x', [M, K], x),
    dy: guarded(gpu, 'dy', [M, N], dy),
    y: guarded(gpu, 'y', [M, N], poison(M * N).fill(7, rows * N)), // of rows past those in use, NaN may come out
    dx: guarded(gpu, 'dx', [M, K], dx0),
  };
  const size = { M: rows, K, N };
  const check = (name: string, got: ArrayLike<number>, want: Float64Array) => {
    const worst = worstError(got, want, { atol: 2e-5, rtol: 1e-5 });
    expect(worst.ratio, `${name} ${JSON.stringify(worst)}`).toBeLessThan(1);
  };

  op.forward(gpu.recorder, t, weight, { rows, alpha: 0.5 });
  const y = new Float64Array(M * N).fill(Number.NaN, rows * N);
  gemmForward(f64(x), W, y, size, 0.5);
  const gotY = await readGuarded(gpu, t.y);
  check('y', gotY.subarray(0, rows * N), y.subarray(0, rows * N));
  expect(gotY.subarray(rows * N).every((value) => value === 7)).toBe(true);
  if (variant.kind === 'split') return;

  op.inputGrad(gpu.recorder, t, weight, { rows, accumulate: true });
  const dx = f64(dx0);
  gemmInputGrad(f64(dy), W, dx, size);
  check('dx', await readGuarded(gpu, t.dx), dx);

  if (format !== 'f32') return;
  const dweight = zeroWeight(gpu, 'dW', { K, N }, { maxBytes: 4 * K * 40 });
  op.weightGrad(gpu.recorder, t, dweight, { rows, alpha: 2 });
  const dW = new Float64Array(K * N);
  gemmWeightGrad(f64(x), f64(dy), dW, size, 2);
  check('dW', transposed(await readWeight(gpu, dweight), N, K), dW);
  expect((await paddingOf(gpu, dweight)).filter((value) => value !== 0)).toEqual([]);
});

it('gives a row the same bits alone and in company, and in every variant that adds in order', async () => {
  const gpu = await testGpu();
  const [M, K, N] = [20, 67, 40];
  const weight = uploadWeight(gpu, 'W', storedMatrix('bf16', N, K, 3));
  const x = seeded(M * K, 1);
  const lastRow = async (variant: GemmVariant, rows: number, W: Weight) => {
    const op = await gemm(gpu, { table: only(variant) });
    await op.prepare('bf16');
    const from = gpu.tensor('x', [rows, K], x.subarray((M - rows) * K));
    const y = gpu.tensor('y', [rows, N]);
    op.forward(gpu.recorder, { x: from, y }, W);
    return (await gpu.readF32(y)).subarray((rows - 1) * N);
  };
  const inOrder = [
    register(8, 8, 1, 2),
    register(16, 4, 3, 1),
    subgroup(8, 8, 2),
    workgroup(4, 1, 8),
    workgroup(8, 2, 8),
  ];
  const want = await lastRow(inOrder[0]!, 1, weight);
  for (const variant of inOrder) {
    for (const rows of [1, 7, M]) expect(await lastRow(variant, rows, weight), variant.kind).toEqual(want);
  }
  const alone = await lastRow(split(32, 4, 1), 1, weight);
  expect(await lastRow(split(32, 4, 3), M, weight)).toEqual(alone);
  expect(await lastRow(split(64, 4, 2, 2), M, weight)).toEqual(alone);
});

it('has a kernel for every case, by default', async () => {
  const table = defaultTable(await testGpu());
  for (const orientation of ['forward', 'inputGrad', 'weightGrad'] as const) {
    for (const format of orientation === 'weightGrad' ? (['f32'] as const) : ALL_FORMATS) {
      for (const rows of [1, 8, 5000]) {
        for (const columns of [8, 576, 151_936]) {
          expect(chooseVariant(table, { orientation, format, rows, columns }).lanes).toBeLessThanOrEqual(256);
        }
      }
    }
  }
  expect(() => chooseVariant([], { orientation: 'forward', format: 'q4', rows: 1, columns: 8 })).toThrow('no kernel');
});
