import { expect, it } from 'vitest';
import { numericGradient, worstError } from './gradientCheck';
import { residualForward } from './residual';

it('passes the gradient on unchanged', () => {
  const x = Float64Array.of(0.5, -2, 3);
  const dy = Float64Array.of(1, 10, 100);
  const loss = () => {
    const y = Float64Array.of(7, 8, 9);
    residualForward(x, y);
    return y.reduce((sum, value, i) => sum + value * dy[i]!, 0);
  };
  const dx = new Float64Array(3);
  residualForward(dy, dx);
  expect(worstError(dx, numericGradient(loss, x), { atol: 1e-8, rtol: 1e-7 }).ratio).toBeLessThan(1);
});
