import { expect, it } from 'vitest';
import { learningRateAt } from './learningRate';

it('warms the learning rate up from 0 and then keeps it, or lets it fall to 0 at the last step', () => {
  const rates = (schedule: 'constant' | 'linear' | 'cosine', steps: readonly number[]) =>
    steps.map((step) => learningRateAt({ learningRate: 4, warmupSteps: 2, schedule }, step, 10));
  expect(rates('constant', [0, 1, 2, 3, 9])).toEqual([0, 2, 4, 4, 4]);
  expect(rates('linear', [1, 2, 6, 9, 10, 12])).toEqual([2, 4, 2, 0.5, 0, 0]);
  expect(rates('cosine', [1, 2, 10])).toEqual([2, 4, 0]);
  expect(rates('cosine', [6])[0]).toBeCloseTo(2, 12);
});
