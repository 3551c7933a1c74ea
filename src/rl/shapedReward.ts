import type { LengthPenaltyConfig, LossConfig, Recipe } from '../domain/recipe/recipe';
import type { Rollout } from '../domain/rollout';
import { visibleAnswer } from '../domain/visibleAnswer';

/** What shaping depends on. */
export type ShapingConfig = Pick<Recipe, 'loss' | 'lengthPenalty' | 'sampling'>;

const kl = ({ klCoef, klIn }: LossConfig): boolean => klCoef > 0 && klIn === 'reward';

/** Whether shaping needs the answers' logprobs under the reference. */
export const needsReference = ({ loss }: ShapingConfig): boolean => kl(loss);

/** Whether advantages come from something else than the rubric reward. */
export const isShaped = ({ loss, lengthPenalty }: ShapingConfig): boolean =>
  kl(loss) || lengthPenalty.overlongTokens > 0 || lengthPenalty.per500Characters > 0;

/**
 * What advantages are made of: the rubric reward, less the length penalties, less klCoef times the answer's KL estimate (the sum over its tokens,
 * at the weights that sampled it) when the KL term is taken from the reward. The reference pass that it needs comes after grading and before
 * advantages: `reference` has each answer's logprobs. A null reward stays null.
 */
export function shapedRewards(
  rollouts: readonly Rollout[],
  rewards: readonly (number | null)[],
  { loss, lengthPenalty, sampling }: ShapingConfig,
  reference: readonly Float32Array[] | null,
): (number | null)[] {
  return rollouts.map(({ logprobs, completion }, i) => {
    const reward = rewards[i]!;
    if (reward === null) return null;
    const tokens = logprobs.length;
    const drift = reference ? loss.klCoef * klOfAnswer(loss.klKind, logprobs, reference[i]!) : 0;
    const overlong = overlongPenalty(tokens, sampling.maxNewTokens, lengthPenalty);
    return reward - overlong - charactersPenalty(visibleAnswer(completion).length, lengthPenalty) - drift;
  });
}

/** DAPO's soft over-long punishment (Yu et al. 2025, equation 13), as a positive amount: from 0 to overlongPenalty over the last tokens. */
export function overlongPenalty(
  tokens: number,
  maxNewTokens: number,
  { overlongTokens, overlongPenalty: most }: Pick<LengthPenaltyConfig, 'overlongTokens' | 'overlongPenalty'>,
): number {
  if (overlongTokens === 0) return 0;
  const beyond = tokens - (maxNewTokens - overlongTokens);
  return most * Math.min(1, Math.max(0, beyond / overlongTokens));
}

/** HealthBench Professional's length adjustment: so much for every 500 characters beyond the centre, and as much back for those below it. */
export const charactersPenalty = (
  characters: number,
  { per500Characters, centreCharacters }: Pick<LengthPenaltyConfig, 'per500Characters' | 'centreCharacters'>,
): number => (per500Characters * (characters - centreCharacters)) / 500;

/** The sum over an answer's tokens of the KL estimate (domain/recipe/recipe.ts, klKind). */
export function klOfAnswer(
  kind: LossConfig['klKind'],
  logprobs: ArrayLike<number>,
  reference: ArrayLike<number>,
): number {
  let sum = 0;
  for (let t = 0; t < logprobs.length; t++) sum += klEstimate(kind, logprobs[t]! - reference[t]!);
  return sum;
}

function klEstimate(kind: LossConfig['klKind'], d: number): number {
  if (kind === 'k1') return d;
  if (kind === 'k2') return d ** 2 / 2;
  const k3 = Math.exp(-d) - 1 + d;
  return kind === 'lowVar' ? Math.min(10, k3) : k3;
}
