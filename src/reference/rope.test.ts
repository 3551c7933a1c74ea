import { expect, it } from 'vitest';
import { ropeFrequencies } from '../families/rope';
import { numericGradient, worstError } from './gradientCheck';
import { ropeBackward, ropeForward } from './rope';

const seeded = (n: number, seed: number) =>
  Float64Array.from({ length: n }, (_, i) => Math.sin(12.9898 * (i + 1) + seed) * 1.7);

const [H, D, theta] = [2, 6, 100];
const rope = (base: number, size: number) => ropeFrequencies({ theta: base }, size);
const position = [0, 3, 11];
const x = seeded(position.length * H * D, 1);
const forward = (at: Float64Array) => {
  const y = at.slice();
  ropeForward(y, position, rope(theta, D));
  return y;
};

it('backward is the derivative of forward', () => {
  const dy = seeded(x.length, 2);
  const numeric = numericGradient(() => forward(x).reduce((sum, y, i) => sum + y * dy[i]!, 0), x);
  ropeBackward(dy, position, rope(theta, D));
  expect(worstError(dy, numeric, { atol: 1e-8, rtol: 1e-7 }).ratio).toBeLessThan(1);
});

it('leaves position 0 alone and makes products depend on the distance only', () => {
  expect(forward(x).slice(0, H * D)).toEqual(x.slice(0, H * D));
  const product = (m: number, n: number) => {
    const [q, k] = [seeded(D, 3), seeded(D, 4)];
    ropeForward(q, [m], rope(theta, D));
    ropeForward(k, [n], rope(theta, D));
    return q.reduce((sum, value, i) => sum + value * k[i]!, 0);
  };
  expect(product(9, 5)).toBeCloseTo(product(4, 0), 12);
});
