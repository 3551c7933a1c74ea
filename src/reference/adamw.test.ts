import { expect, it } from 'vitest';
import { adamwForward } from './adamw';
import { numericGradient } from './gradientCheck';
import { gradNormForward } from './gradNorm';

const options = { learningRate: 0.1, beta1: 0.9, beta2: 0.999, eps: 1e-8, weightDecay: 0, step: 1 };

it('moves by the learning rate against the sign of the first gradient', () => {
  const state = {
    parameter: Float64Array.of(1, 2),
    grad: Float64Array.of(3, -0.1),
    m: new Float64Array(2),
    v: new Float64Array(2),
  };
  adamwForward(state, 1, options);
  expect(state.parameter[0]).toBeCloseTo(0.9, 6);
  expect(state.parameter[1]).toBeCloseTo(2.1, 6);
  expect([...state.grad]).toEqual([0, 0]);
});

it('decays apart from the gradient', () => {
  const state = {
    parameter: Float64Array.of(2),
    grad: new Float64Array(1),
    m: new Float64Array(1),
    v: new Float64Array(1),
  };
  adamwForward(state, 1, { ...options, weightDecay: 0.5 });
  expect(state.parameter[0]).toBeCloseTo(2 * 0.95, 12);
});

it('descends a quadratic by finite-difference gradients', () => {
  const parameter = Float64Array.of(2, -3);
  const loss = () => (parameter[0]! - 1) ** 2 + 4 * (parameter[1]! + 1) ** 2;
  const [m, v] = [new Float64Array(2), new Float64Array(2)];
  for (let step = 1; step <= 200; step++) {
    adamwForward({ parameter, grad: numericGradient(loss, parameter), m, v }, 1, { ...options, step });
  }
  expect(loss()).toBeLessThan(1e-2);
});

it('clips as torch does', () => {
  expect(gradNormForward([Float64Array.of(3), Float64Array.of(4)], 1)).toEqual([5, 1 / (5 + 1e-6), 1, 0]);
  expect(gradNormForward([Float64Array.of(0.3)], 1)[1]).toBe(1);
  expect(gradNormForward([Float64Array.of(Number.NaN)], 1)).toEqual([Number.NaN, 0, 0, 0]);
});
