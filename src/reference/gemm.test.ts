import { expect, it } from 'vitest';
import { gemmForward, gemmInputGrad, gemmWeightGrad } from './gemm';
import { numericGradient, worstError } from './gradientCheck';

const seeded = (n: number, seed: number) =>
  Float64Array.from({ length: n }, (_, i) => Math.sin(12.9898 * (i + 1) + seed) * 1.7);

it('both gradients are the derivatives of the product', () => {
  const size = { M: 3, K: 5, N: 4 };
  const x = seeded(15, 1);
  const W = seeded(20, 2);
  const dy = seeded(12, 3);
  const loss = () => {
    const y = new Float64Array(12);
    gemmForward(x, W, y, size, 0.5);
    return y.reduce((sum, value, i) => sum + value * dy[i]!, 0);
  };
  const dx = new Float64Array(15);
  const dW = new Float64Array(20);
  gemmInputGrad(dy, W, dx, size, 0.5);
  gemmWeightGrad(x, dy, dW, size, 0.5);
  const tolerance = { atol: 1e-8, rtol: 1e-7 };
  expect(worstError(dx, numericGradient(loss, x), tolerance).ratio).toBeLessThan(1);
  expect(worstError(dW, numericGradient(loss, W), tolerance).ratio).toBeLessThan(1);
});
