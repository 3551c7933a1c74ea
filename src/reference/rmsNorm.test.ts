import { expect, it } from 'vitest';
import { numericGradient, worstError } from './gradientCheck';
import { rmsNormBackward, rmsNormForward } from './rmsNorm';

const seeded = (n: number, seed: number) =>
  Float64Array.from({ length: n }, (_, i) => Math.sin(12.9898 * (i + 1) + seed) * 1.7);

it('backward is the derivative of forward', () => {
  const [N, C, eps] = [3, 7, 1e-5];
  const x = seeded(N * C, 1);
  const weight = seeded(C, 2);
  const dy = seeded(N * C, 3);
  const loss = () => rmsNormForward(x, weight, eps).y.reduce((sum, y, i) => sum + y * dy[i]!, 0);

  const dx = new Float64Array(N * C);
  const dweight = new Float64Array(C);
  rmsNormBackward(dy, x, weight, rmsNormForward(x, weight, eps).rstd, dx, dweight);

  const tolerance = { atol: 1e-8, rtol: 1e-7 };
  expect(worstError(dx, numericGradient(loss, x), tolerance).ratio).toBeLessThan(1);
  expect(worstError(dweight, numericGradient(loss, weight), tolerance).ratio).toBeLessThan(1);
});
