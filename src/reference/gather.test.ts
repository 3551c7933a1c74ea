import { expect, it } from 'vitest';
import { gatherBackward, gatherForward } from './gather';
import { numericGradient, worstError } from './gradientCheck';

it('backward is the derivative of forward', () => {
  const [N, C] = [5, 3];
  const x = Float64Array.from({ length: N * C }, (_, i) => Math.sin(i));
  const index = [4, 0, 2];
  const dy = Float64Array.from({ length: index.length * C }, (_, i) => Math.cos(i));
  const dx = new Float64Array(N * C);
  gatherBackward(dy, index, C, dx);
  const loss = () => gatherForward(x, index, C).reduce((sum, y, i) => sum + y * dy[i]!, 0);
  expect(worstError(dx, numericGradient(loss, x), { atol: 1e-8, rtol: 1e-7 }).ratio).toBeLessThan(1);
});
