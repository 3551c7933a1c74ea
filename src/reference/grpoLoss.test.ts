import { expect, it } from 'vitest';
import type { LossConfig } from '../domain/recipe/loss';
import { numericGradient, worstError } from './gradientCheck';
import { type GrpoOptions, grpoLossForward, klTerm, totalLoss } from './grpoLoss';
import { sequenceRatioForward } from './sequenceRatio';

const inputs = {
  logprob: Float64Array.of(-1, -1, -1, -1, -1, -1, -1, -1),
  oldLogprob: Float64Array.of(-1.1, -2, -2, -0.2, -0.2, -1, -3, -2.4),
  referenceLogprob: Float64Array.of(-1.5, -1, -0.5, -1, -3, -1, -2, 2),
  advantage: Float64Array.of(0.7, 0.7, -0.7, 0.7, -0.7, 0, 5, -0.7),
  weight: Float64Array.of(0.5, 1, 1, 1, 2, 1, 0, 1),
};
const clip = { clipLow: 0.2, clipHigh: 0.28, klCoef: 0.1 };
const tolerance = { atol: 1e-8, rtol: 1e-7 };

it.each([
  ['k3', null],
  ['k2', null],
  ['k1', null],
  ['lowVar', null],
  ['k3', 3], // between the two ratios with a negative advantage, e and e^1.4
] as const)('the coefficient is the derivative of the loss with %s and cap %s', (klKind, clipCap) => {
  const options = { ...clip, klKind, clipCap };
  const loss = () => totalLoss(grpoLossForward(inputs, options).stats);
  const { coefficient } = grpoLossForward(inputs, options);
  expect(worstError(coefficient, numericGradient(loss, inputs.logprob), tolerance).ratio).toBeLessThan(1);
});

it('the coefficient of gspo is the derivative through the ratio of the whole answer', () => {
  const answerStart = [0, 3, 3, 8];
  // Weights are equal within an answer, as packing makes them; a row of weight 0 is none of its tokens.
  const answers = { ...inputs, weight: Float64Array.of(0.5, 0.5, 0.5, 0.2, 0.2, 0.2, 0, 0.2) };
  answers.advantage = Float64Array.of(-0.9, -0.9, -0.9, 0.7, 0.7, 0.7, 0.7, 0.7);
  const forward = () => {
    const { logprob, oldLogprob, weight } = answers;
    const sequenceLogRatio = sequenceRatioForward(logprob, oldLogprob, weight, answerStart);
    return grpoLossForward({ ...answers, sequenceLogRatio }, { ...clip, type: 'gspo' });
  };
  const { coefficient } = forward();
  const numeric = numericGradient(() => totalLoss(forward().stats), answers.logprob);
  expect(worstError(coefficient, numeric, tolerance).ratio).toBeLessThan(1);
  expect(coefficient[0]).not.toBe(0);
});

it('cispo weighs the gradient of the logprob with the capped ratio, also where the ratio left the clip range', () => {
  const { coefficient, stats } = grpoLossForward(inputs, { ...clip, klCoef: 0, type: 'cispo', clipHigh: 2 });
  inputs.weight.forEach((weight, m) => {
    const ratio = Math.min(2, Math.exp(inputs.logprob[m]! - inputs.oldLogprob[m]!));
    expect(coefficient[m]).toBeCloseTo(-weight * ratio * inputs.advantage[m]!, 12);
    expect(stats[4 * m]).toBeCloseTo(coefficient[m]! * inputs.logprob[m]!, 12);
  });
  expect(clippedOf(stats)).toEqual([0, 1, 0, 0, 0, 0, 0, 0]);
});

it('on policy it is the gradient of −weight · A · logprob', () => {
  const onPolicy = { ...inputs, oldLogprob: new Float64Array(8).fill(Number.NaN) };
  const { coefficient, stats } = grpoLossForward(onPolicy, { ...clip, klCoef: 0 });
  coefficient.forEach((value, m) => {
    expect(value).toBeCloseTo(-inputs.weight[m]! * inputs.advantage[m]!, 12);
    expect(stats[4 * m]).toBeCloseTo(value, 12);
  });
});

const clippedOf = (stats: Float64Array) => Array.from({ length: stats.length / 4 }, (_, m) => stats[4 * m + 1]);

it('clips only where the bound is the worse of the two', () => {
  const options: GrpoOptions = { ...clip, klCoef: 0 };
  // Ratios e^0.1, e, e, e^−0.8, e^−0.8, 1, (weight 0), e^1.4.
  expect(clippedOf(grpoLossForward(inputs, options).stats)).toEqual([0, 1, 0, 0, 1, 0, 0, 0]);
  // The cap stops a gradient that the clip lets through.
  expect(grpoLossForward(inputs, options).coefficient[7]).not.toBe(0);
  expect(grpoLossForward(inputs, { ...options, clipCap: 3 }).coefficient[7]).toBe(0);
});

it('estimates of the KL divergence are 0 where nothing has moved, and positive elsewhere but for k1', () => {
  const kinds: LossConfig['klKind'][] = ['k1', 'k2', 'k3', 'lowVar'];
  expect(kinds.map((kind) => klTerm(kind, 0).value)).toEqual([0, 0, 0, 0]);
  expect(kinds.map((kind) => klTerm(kind, -1).value)).toEqual([-1, 0.5, Math.E - 2, Math.E - 2]);
  expect(klTerm('lowVar', -5)).toEqual({ value: 10, slope: 0 });
});
