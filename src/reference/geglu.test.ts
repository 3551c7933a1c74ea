import { expect, it } from 'vitest';
import { gegluBackward, gegluForward } from './geglu';
import { numericGradient, worstError } from './gradientCheck';

const seeded = (n: number, seed: number) =>
  Float64Array.from({ length: n }, (_, i) => Math.sin(12.9898 * (i + 1) + seed) * 3);

it('backward is the derivative of forward', () => {
  const [gate, up, dy] = [seeded(12, 1), seeded(12, 2), seeded(12, 3)];
  const loss = () => gegluForward(gate, up).reduce((sum, y, i) => sum + y * dy[i]!, 0);
  const dgate = new Float64Array(12);
  const dup = new Float64Array(12);
  gegluBackward(dy, gate, up, dgate, dup);
  const tolerance = { atol: 1e-8, rtol: 1e-7 };
  expect(worstError(dgate, numericGradient(loss, gate), tolerance).ratio).toBeLessThan(1);
  expect(worstError(dup, numericGradient(loss, up), tolerance).ratio).toBeLessThan(1);
});
