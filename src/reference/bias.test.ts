import { expect, it } from 'vitest';
import { biasBackward, biasForward } from './bias';
import { numericGradient, worstError } from './gradientCheck';

const seeded = (n: number, seed: number) =>
  Float64Array.from({ length: n }, (_, i) => Math.sin(12.9898 * (i + 1) + seed) * 3);

it('backward is the derivative of forward, and adds', () => {
  const [bias, y, dy] = [seeded(3, 1), seeded(12, 2), seeded(12, 3)];
  const loss = () => {
    const out = y.slice();
    biasForward(bias, out);
    return out.reduce((sum, value, i) => sum + value * dy[i]!, 0);
  };
  const dbias = seeded(3, 4);
  biasBackward(dy, dbias);
  const added = dbias.map((value, i) => value - seeded(3, 4)[i]!);
  expect(worstError(added, numericGradient(loss, bias), { atol: 1e-8, rtol: 1e-7 }).ratio).toBeLessThan(1);
});
