import { expect, it } from 'vitest';
import { numericGradient, worstError } from './gradientCheck';
import { loraBackward, loraForward } from './lora';

const seeded = (n: number, seed: number) =>
  Float64Array.from({ length: n }, (_, i) => Math.sin(12.9898 * (i + 1) + seed) * 1.7);

it('backward is the derivative of forward', () => {
  const [N, K, R, out] = [3, 4, 2, 5];
  const x = seeded(N * K, 1);
  const adapter = { A: seeded(K * R, 2), B: seeded(R * out, 3), R, scale: 1.5 };
  const dy = seeded(N * out, 4);
  const loss = () => {
    const y = seeded(N * out, 5);
    loraForward(x, adapter, y, N);
    return y.reduce((sum, value, i) => sum + value * dy[i]!, 0);
  };
  const [dx, dA, dB] = [new Float64Array(N * K), new Float64Array(K * R), new Float64Array(R * out)];
  loraBackward(dy, x, adapter, dx, dA, dB, N);
  const tolerance = { atol: 1e-8, rtol: 1e-7 };
  expect(worstError(dx, numericGradient(loss, x), tolerance).ratio).toBeLessThan(1);
  expect(worstError(dA, numericGradient(loss, adapter.A), tolerance).ratio).toBeLessThan(1);
  expect(worstError(dB, numericGradient(loss, adapter.B), tolerance).ratio).toBeLessThan(1);
});
