import type { GraderConfig } from '../domain/recipe/grader';
import type { CriterionGrade } from '../domain/verdict';
import { derive, uniform } from '../random';

type Decided = Pick<CriterionGrade, 'verdict' | 'credit'>;

/** What the recipe makes of p(met): a verdict, and where the reward is soft the share of the points that counts. */
export function decide(
  confidence: number,
  config: Pick<GraderConfig, 'verdict' | 'votes' | 'sampling'>,
  seed: number,
): Decided {
  switch (config.verdict) {
    case 'likelier':
      return { verdict: likelier(confidence) };
    case 'soft':
      return { verdict: likelier(confidence), credit: confidence };
    case 'drawn':
      return { verdict: drawn(confidence, config, derive(seed, 'verdict')) };
    case 'votes':
      return counted(
        Array.from({ length: config.votes }, (_, vote) => drawn(confidence, config, derive(seed, 'vote', vote))),
      );
  }
}

/** The grade of several votes on one criterion: the majority's verdict and reason, and the share that says met. */
export function majority(votes: readonly CriterionGrade[]): CriterionGrade {
  const read = votes.filter(({ verdict }) => verdict !== 'ungraded');
  if (read.length === 0) return votes[0]!;
  const { verdict, credit } = counted(read.map((vote) => vote.verdict));
  const known = read.flatMap(({ confidence }) => (confidence === null ? [] : [confidence]));
  return {
    verdict,
    credit,
    explanation: read.find((vote) => vote.verdict === verdict)!.explanation,
    confidence: known.length === 0 ? null : known.reduce((sum, p) => sum + p, 0) / known.length,
    failure: null,
  };
}

function counted(votes: readonly CriterionGrade['verdict'][]): Decided & { readonly credit: number } {
  const credit = votes.filter((vote) => vote === 'met').length / votes.length;
  return { verdict: likelier(credit), credit };
}

const likelier = (share: number): 'met' | 'notMet' => (share > 0.5 ? 'met' : 'notMet');

/**
 * A verdict as a model that writes it would draw it: met with p(true)^(1/T) against p(false)^(1/T), T being the grading
 * temperature (0: the likelier).
 */
function drawn(
  confidence: number,
  { sampling: { temperature } }: Pick<GraderConfig, 'sampling'>,
  seed: number,
): 'met' | 'notMet' {
  if (temperature === 0) return likelier(confidence);
  const odds = (confidence / (1 - confidence)) ** (1 / temperature);
  const met = odds === Number.POSITIVE_INFINITY ? 1 : odds / (1 + odds);
  return uniform(seed) < met ? 'met' : 'notMet';
}
