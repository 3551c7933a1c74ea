import { expect, it } from 'vitest';
import { rubricPoints, rubricReward } from './reward';
import type { Verdict } from './verdict';

const rubric = [{ points: 5 }, { points: -3 }, { points: 8 }, { points: 2 }];
const verdicts = (...all: Verdict[]) => all.map((verdict) => ({ verdict }));

// The points that the page shows and the reward that the run learns from are one computation.
it.each([
  ['leftOut', 2, 7],
  ['notMet', 2, 15],
] as const)('counts points and reward alike with ungraded: %s', (ungraded, met, possible) => {
  const grade = verdicts('met', 'met', 'ungraded', 'notMet');
  expect(rubricPoints(rubric, grade, ungraded)).toEqual({ met, possible });
  expect(rubricReward(rubric, grade, ungraded)).toBe(met / possible);
});

it('has no reward where nothing positive counts', () => {
  const grade = verdicts('ungraded', 'met', 'ungraded', 'ungraded');
  expect(rubricPoints(rubric, grade, 'leftOut')).toEqual({ met: -3, possible: 0 });
  expect(rubricReward(rubric, grade, 'leftOut')).toBeNull();
  expect(rubricReward(rubric, grade, 'notMet')).toBe(-3 / 15);
});
