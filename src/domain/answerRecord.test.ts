import { expect, it } from 'vitest';
import { parseAnswer } from './answerRecord';

it('bounds recorded points as the points of data rows are bounded', () => {
  const line = (points: unknown) => ({
    prompt_id: 'p',
    completion: 'c',
    criteria: [{ criterion: 'helps', points, criteria_met: true }],
  });
  for (const points of [5, -1000, 1000, 0.5]) expect(parseAnswer(line(points)).verdicts[0]!.points).toBe(points);
  expect(parseAnswer(line(null)).verdicts[0]!.points).toBeNull();
  for (const points of [1e308, -1001, 0, Number.NaN]) expect(() => parseAnswer(line(points))).toThrow(/points/);
});
