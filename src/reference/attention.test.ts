import { expect, it } from 'vitest';
import { attentionBackward, attentionForward } from './attention';
import { numericGradient, worstError } from './gradientCheck';

const seeded = (n: number, seed: number) =>
  Float64Array.from({ length: n }, (_, i) => Math.sin(12.9898 * (i + 1) + seed) * 1.7);

const sizes = { H: 4, K: 2, D: 3 };
const { H, K, D } = sizes;
const start = [0, 0, 0, 3, 4, 4]; // sequences of 3, 1 and 2 rows
const N = start.length;
const q = seeded(N * H * D, 1);
const k = seeded(N * K * D, 2);
const v = seeded(N * K * D, 3);

it('backward is the derivative of forward', () => {
  const dO = seeded(N * H * D, 4);
  const loss = () => attentionForward(q, k, v, start, sizes).o.reduce((sum, o, i) => sum + o * dO[i]!, 0);
  const { o, lse } = attentionForward(q, k, v, start, sizes);
  const [dq, dk, dv] = [q, k, v].map((x) => new Float64Array(x.length)) as [Float64Array, Float64Array, Float64Array];
  attentionBackward(dO, q, k, v, o, lse, start, sizes, dq, dk, dv);
  const tolerance = { atol: 1e-8, rtol: 1e-7 };
  expect(worstError(dq, numericGradient(loss, q), tolerance).ratio).toBeLessThan(1);
  expect(worstError(dk, numericGradient(loss, k), tolerance).ratio).toBeLessThan(1);
  expect(worstError(dv, numericGradient(loss, v), tolerance).ratio).toBeLessThan(1);
});

it('a sequence of one row returns its own value, in every query head of the group', () => {
  const { o } = attentionForward(q, k, v, start, sizes);
  const row = (h: number) => o.slice((3 * H + h) * D, (3 * H + h + 1) * D);
  for (const h of [0, 1]) {
    expect(worstError(row(h), v.slice(3 * K * D, (3 * K + 1) * D), { atol: 1e-12, rtol: 0 }).ratio).toBeLessThan(1);
  }
});
