import { expect, it } from 'vitest';
import { prunedCheckpoints } from './prunedCheckpoints';

const saved = (...steps: number[]) => steps.map((step) => ({ step }));
const none = new Map<number, number>();

it('saves the last, every n-th, the best by held-out score, and that of step 0', () => {
  const all = saved(0, 10, 20, 30, 40, 50, 60, 70, 80);
  expect(prunedCheckpoints(all, { keepLast: 3, keepEvery: 50 }, none)).toEqual([10, 20, 30, 40]);
  const scores = new Map([
    [20, 0.9],
    [30, 0.5],
    [80, 0.4],
  ]);
  expect(prunedCheckpoints(all, { keepLast: 3, keepEvery: 50 }, scores)).toEqual([10, 30, 40]);
  expect(prunedCheckpoints(all, { keepLast: 1, keepEvery: 0 }, scores)).toEqual([10, 30, 40, 50, 60, 70]);
  expect(prunedCheckpoints(all, { keepLast: 0, keepEvery: 0 }, scores)).toEqual([]);
});

it('never gives up the only whole one for newer damaged ones', () => {
  const damaged = [{ step: 10 }, { step: 20, damaged: 'why' }, { step: 30, damaged: 'why' }];
  expect(prunedCheckpoints(damaged, { keepLast: 1, keepEvery: 0 }, none)).toEqual([20, 30]);
});
