import { expect, it } from 'vitest';
import { numericGradient, worstError } from './gradientCheck';
import { logprobBackward, logprobForward } from './logprob';

const seeded = (n: number, seed: number) =>
  Float64Array.from({ length: n }, (_, i) => Math.sin(12.9898 * (i + 1) + seed) * 1.7);

it.each([1, 0.7, 2])('backward is the derivative of forward at temperature %d', (temperature) => {
  const [M, V] = [3, 7];
  const logits = seeded(M * V, 1);
  const target = [6, 0, 3];
  const coefficient = Float64Array.of(0.5, 0, -2);
  const loss = () => {
    const { logprob } = logprobForward(logits, target, temperature);
    return logprob.reduce((sum, value, m) => sum + coefficient[m]! * value, 0);
  };
  const { lse } = logprobForward(logits, target, temperature);
  const dlogits = logprobBackward(logits, target, lse, coefficient, temperature);
  expect(worstError(dlogits, numericGradient(loss, logits), { atol: 1e-8, rtol: 1e-7 }).ratio).toBeLessThan(1);
});

it.each([1, 0.7])('backward of the entropy bonus is its derivative at temperature %d', (temperature) => {
  const [M, V] = [3, 7];
  const logits = seeded(M * V, 1);
  const target = [6, 0, 3];
  const coefficient = Float64Array.of(0.5, 0, -2);
  const rowWeight = [1, 0.25, 0]; // the last row is of no answer
  const weight = 0.3;
  const loss = () => {
    const { logprob, entropy } = logprobForward(logits, target, temperature);
    return logprob.reduce(
      (sum, value, m) => sum + coefficient[m]! * value - (rowWeight[m] === 0 ? 0 : weight * entropy[m]!),
      0,
    );
  };
  const { lse, entropy } = logprobForward(logits, target, temperature);
  const bonus = { entropy, rowWeight, weight };
  const dlogits = logprobBackward(logits, target, lse, coefficient, temperature, bonus);
  expect(worstError(dlogits, numericGradient(loss, logits), { atol: 1e-8, rtol: 1e-7 }).ratio).toBeLessThan(1);
});

it('knows the entropy of a uniform and of a certain distribution', () => {
  const { entropy, logprob } = logprobForward(Float64Array.of(2, 2, 2, 2, 900, 0, 0, 0), [1, 0], 1);
  expect(entropy[0]).toBeCloseTo(Math.log(4), 12);
  expect(logprob[0]).toBeCloseTo(-Math.log(4), 12);
  expect(entropy[1]).toBeCloseTo(0, 12);
});
