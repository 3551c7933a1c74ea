import { expect, it } from 'vitest';
import { numericGradient, worstError } from './gradientCheck';
import { grpoLossForward } from './grpoLoss';

const inputs = {
  logprob: Float64Array.of(-1, -1, -1, -1, -1, -1, -1),
  oldLogprob: Float64Array.of(-1.1, -2, -2, -0.2, -0.2, -1, -3),
  referenceLogprob: Float64Array.of(-1.5, -1, -0.5, -1, -3, -1, -2),
  advantage: Float64Array.of(0.7, 0.7, -0.7, 0.7, -0.7, 0, 5),
  weight: Float64Array.of(0.5, 1, 1, 1, 2, 1, 0),
};

it('the coefficient is the derivative of the loss', () => {
  const loss = () => grpoLossForward(inputs, 0.2, 0.28, 0.1).loss.reduce((a, b) => a + b);
  const { coefficient } = grpoLossForward(inputs, 0.2, 0.28, 0.1);
  expect(worstError(coefficient, numericGradient(loss, inputs.logprob), { atol: 1e-8, rtol: 1e-7 }).ratio).toBeLessThan(
    1,
  );
});

it('on policy it is the gradient of −weight · A · logprob', () => {
  const onPolicy = { ...inputs, oldLogprob: new Float64Array(7).fill(Number.NaN) };
  const { coefficient, loss } = grpoLossForward(onPolicy, 0.2, 0.28, 0);
  coefficient.forEach((value, m) => {
    expect(value).toBeCloseTo(-inputs.weight[m]! * inputs.advantage[m]!, 12);
    expect(loss[m]).toBeCloseTo(value, 12);
  });
});

it('clips only where the bound is the worse of the two', () => {
  const { stats } = grpoLossForward(inputs, 0.2, 0.28, 0);
  // Ratios e^0.1, e, e, e^−0.8, e^−0.8, 1, (weight 0).
  expect(inputs.weight.map((_, m) => stats[3 * m]!)).toEqual(Float64Array.of(0, 1, 0, 0, 1, 0, 0));
});
