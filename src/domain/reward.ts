import type { Criterion } from './example';
import type { CriterionGrade } from './verdict';

/** How ungraded criteria count: in neither sum, or as not met (as the method's code does). */
export type Ungraded = 'leftOut' | 'notMet';

/**
 * Points of the met criteria, harms included, and the sum of positive points; a grade with credit counts by its credit.
 * Throws when a verdict is missing.
 */
export function rubricPoints(
  rubrics: readonly Pick<Criterion, 'points'>[],
  grade: readonly Pick<CriterionGrade, 'verdict' | 'credit'>[],
  ungraded: Ungraded,
): { readonly met: number; readonly possible: number } {
  if (grade.length !== rubrics.length) {
    throw new Error(`${grade.length} verdicts for a rubric of ${rubrics.length} criteria`);
  }
  let met = 0;
  let possible = 0;
  rubrics.forEach(({ points }, i) => {
    const { verdict, credit = verdict === 'met' ? 1 : 0 } = grade[i]!;
    if (verdict === 'ungraded' && ungraded === 'leftOut') return;
    if (points > 0) possible += points;
    met += points * credit;
  });
  return { met, possible };
}

/**
 * Points met over points possible: at most 1, below 0 possible, not clipped (simple-evals calculate_score). Null when
 * no positive points remain.
 */
export function rubricReward(
  rubrics: readonly Pick<Criterion, 'points'>[],
  grade: readonly Pick<CriterionGrade, 'verdict' | 'credit'>[],
  ungraded: Ungraded,
): number | null {
  const { met, possible } = rubricPoints(rubrics, grade, ungraded);
  return possible > 0 ? met / possible : null;
}
