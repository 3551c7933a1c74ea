import { expect, it } from 'vitest';
import { guarded, poison, readGuarded, seeded, testGpu } from '../../gpu/test/testGpu';
import { gemmForward, gemmInputGrad, gemmWeightGrad } from '../../reference/gemm';
import { worstError } from '../../reference/gradientCheck';
import { paddingOf, storedMatrix, transposed } from '../test/weightFixture';
import type { WeightFormat } from '../weights/weight';
import { readWeight, uploadWeight, zeroWeight } from '../weights/weightUpload';
import { gemm } from './gemm';

const f64 = (a: Float32Array) => Float64Array.from(a);

// K and N odd, below, at and above tiles; `columns` forces shards of that many columns at most.
const cases: readonly [format: WeightFormat, M: number, K: number, N: number, columns: number][] = [
  ['f32', 1, 1, 1, 99],
  ['f32', 5, 33, 7, 99],
  ['f32', 9, 64, 130, 48],
  ['bf16', 3, 7, 5, 99],
  ['bf16', 17, 65, 67, 24],
  ['f16', 3, 9, 33, 12],
  ['q8', 2, 32, 3, 99],
  ['q8', 11, 96, 70, 20],
  ['q4', 1, 32, 5, 99],
  ['q4', 13, 160, 41, 16],
];

it.each(cases)('%s agrees with the reference at M=%i K=%i N=%i', async (format, M, K, N, columns) => {
  const gpu = await testGpu();
  const op = await gemm(gpu);
  await op.prepare(format);
  const maxBytes = 4 * K * columns; // generous for packed formats, which then get fewer shards
  const weight = uploadWeight(gpu, 'W', storedMatrix(format, N, K, 3), { maxBytes });
  const W = transposed(await readWeight(gpu, weight), N, K);
  for (const [alpha, accumulate, rows] of [
    [1, false, M],
    [0.5, true, Math.ceil(M / 2)],
  ] as const) {
    // Rows beyond `rows` are poison on the way in and must stay what they are on the way out.
    const x = seeded(M * K, 1).fill(Number.NaN, rows * K);
    const dy = seeded(M * N, 2).fill(Number.NaN, rows * N);
    const y0 = accumulate ? seeded(M * N, 4) : poison(M * N);
    const dx0 = accumulate ? seeded(M * K, 5) : poison(M * K);
    const t = {
      x: guarded(gpu, 'x', [M, K], x),
      dy: guarded(gpu, 'dy', [M, N], dy),
      y: guarded(gpu, 'y', [M, N], y0),
      dx: guarded(gpu, 'dx', [M, K], dx0),
    };
    const dweight = zeroWeight(gpu, 'dW', { K, N }, { maxBytes: 4 * K * columns });
    op.forward(gpu.recorder, t, weight, { rows, alpha, accumulate });
    op.inputGrad(gpu.recorder, t, weight, { rows, alpha, accumulate });
    op.weightGrad(gpu.recorder, t, dweight, { rows, alpha });
    op.weightGrad(gpu.recorder, t, dweight, { rows, alpha }); // adds

    const size = { M: rows, K, N };
    const y = accumulate ? f64(y0) : f64(y0).fill(0, 0, rows * N);
    const dx = accumulate ? f64(dx0) : f64(dx0).fill(0, 0, rows * K);
    const dW = new Float64Array(K * N);
    gemmForward(f64(x), W, y, size, alpha);
    gemmInputGrad(f64(dy), W, dx, size, alpha);
    gemmWeightGrad(f64(x), f64(dy), dW, size, 2 * alpha);
    const checks = [
      ['y', (await readGuarded(gpu, t.y)).subarray(0, rows * N), y.subarray(0, rows * N)],
      ['dx', (await readGuarded(gpu, t.dx)).subarray(0, rows * K), dx.subarray(0, rows * K)],
      ['dW', transposed(await readWeight(gpu, dweight), N, K), dW],
    ] as const;
    for (const [name, got, want] of checks) {
      const worst = worstError(got, want, { atol: 2e-5, rtol: 1e-5 });
      expect(worst.ratio, `${name} ${JSON.stringify(worst)}`).toBeLessThan(1);
    }
    expect((await paddingOf(gpu, dweight)).filter((value) => value !== 0)).toEqual([]);
    expect([...(await readGuarded(gpu, t.y))].slice(rows * N)).toEqual([...y0].slice(rows * N));
    expect([...(await readGuarded(gpu, t.dx))].slice(rows * K)).toEqual([...dx0].slice(rows * K));
  }
});

it('says which format was not prepared, and which weight does not fit', async () => {
  const gpu = await testGpu();
  const op = await gemm(gpu);
  const t = { x: gpu.tensor('x', [2, 4]), y: gpu.tensor('y', [2, 3]) };
  const other = zeroWeight(gpu, 'odd', { format: 'f16', K: 4, N: 3 });
  expect(() => op.forward(gpu.recorder, t, other)).toThrow("call prepare('f16') before using odd");
  const wide = zeroWeight(gpu, 'wide', { K: 4, N: 5 });
  expect(() => op.forward(gpu.recorder, t, wide)).toThrow('wide is (4, 5), but its operands have K 4 and N 3');
});
