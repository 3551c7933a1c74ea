import { trueVerdict } from '../../../src/data/truth';
import type { Rollout } from '../../../src/domain/rollout';
import type { Grade } from '../../../src/domain/verdict';

/** Shares of verdicts that are right: of all, and of those that are truly met and truly not met. */
export function agreementWithTruth(answered: readonly Rollout[], verdicts: readonly Grade[]) {
  const count = { met: 0, notMet: 0 };
  const right = { met: 0, notMet: 0 };
  let ungraded = 0;
  answered.forEach(({ example, completion }, i) => {
    example.rubrics.forEach((criterion, j) => {
      const truth = trueVerdict(example, criterion, completion) ? 'met' : 'notMet';
      const said = verdicts[i]![j]!.verdict;
      if (said === 'ungraded') ungraded++;
      count[truth]++;
      if (said === truth) right[truth]++;
    });
  });
  return {
    all: (right.met + right.notMet) / (count.met + count.notMet),
    met: right.met / count.met,
    notMet: right.notMet / count.notMet,
    verdicts: count.met + count.notMet,
    ungraded,
  };
}
