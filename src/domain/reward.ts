import type { Criterion } from './example';
import type { Grade } from './verdict';

/**
 * Points of the met criteria, harms included, over the sum of positive points: at most 1, below 0 possible, not clipped (simple-evals
 * calculate_score). `leftOut` leaves ungraded criteria out of both sums; `notMet` counts them as not met, as the method's code does.
 * Null when nothing is graded or no positive points remain.
 */
export function rubricReward(
  rubrics: readonly Pick<Criterion, 'points'>[],
  grade: Grade,
  ungraded: 'leftOut' | 'notMet',
): number | null {
  if (grade.length !== rubrics.length) {
    throw new Error(`${grade.length} verdicts for a rubric of ${rubrics.length} criteria`);
  }
  let met = 0;
  let possible = 0;
  rubrics.forEach(({ points }, i) => {
    const { verdict } = grade[i]!;
    if (verdict === 'ungraded' && ungraded === 'leftOut') return;
    if (points > 0) possible += points;
    if (verdict === 'met') met += points;
  });
  return possible > 0 ? met / possible : null;
}
