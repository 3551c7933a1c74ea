import { expect, it } from 'vitest';
import { guarded, readGuarded, seeded, testGpu } from '../gpu/test/testGpu';
import { worstError } from '../reference/gradientCheck';
import { residualForward } from '../reference/residual';
import { residual } from './residual';

// Elements below, at and above the workgroup size; the last row is not in use.
it.each([
  [2, 3],
  [3, 32],
  [4, 33],
  [9, 65],
])('matches the reference at N=%i C=%i', async (N, C) => {
  const gpu = await testGpu();
  const op = await residual(gpu);
  const [x, y0] = [seeded(N * C, 1), seeded(N * C, 2)];
  const y = guarded(gpu, 'y', [N, C], y0);
  op.forward(gpu.recorder, { x: gpu.tensor('x', [N, C], x), y }, { rows: N - 1 });
  const want = Float64Array.from(y0);
  residualForward(Float64Array.from(x.fill(0, (N - 1) * C)), want);
  const worst = worstError(await readGuarded(gpu, y), want, { atol: 1e-6, rtol: 1e-6 });
  expect(worst.ratio, JSON.stringify(worst)).toBeLessThan(1);
});
