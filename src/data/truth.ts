import type { Criterion, Example } from '../domain/example';
import { runCheck } from './checks/check';
import { worldVerdict } from './syntheticWorld';

/**
 * True verdict on one criterion: by its check, or by the rules of the synthetic world; null for any other. `answer` is
 * what a grader sees of it.
 */
export const trueVerdict = (example: Example, criterion: Criterion, answer: string): boolean | null =>
  criterion.check ? runCheck(criterion.check, answer).met : worldVerdict(example, criterion, answer);

/**
 * Points of the criteria truly met / sum of positive points; null when the truth of a criterion is not known or none is
 * positive.
 */
export function trueReward(example: Example, answer: string): number | null {
  let met = 0;
  let positive = 0;
  for (const criterion of example.rubrics) {
    const verdict = trueVerdict(example, criterion, answer);
    if (verdict === null) return null;
    if (verdict) met += criterion.points;
    positive += Math.max(criterion.points, 0);
  }
  return positive > 0 ? met / positive : null;
}
