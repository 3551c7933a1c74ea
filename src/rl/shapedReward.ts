import type { LengthPenaltyConfig } from '../domain/recipe/lengthPenalty';
import type { LossConfig } from '../domain/recipe/loss';
import type { Recipe } from '../domain/recipe/recipe';
import type { Rollout } from '../domain/rollout';
import { visibleAnswer } from '../domain/visibleAnswer';

/** The part of a recipe that shaping uses. */
export type ShapingConfig = Pick<Recipe, 'loss' | 'lengthPenalty' | 'sampling'>;

const kl = ({ klCoef, klIn }: LossConfig): boolean => klCoef > 0 && klIn === 'reward';

/** Whether shaping needs the answers' logprobs under the reference. */
export const needsReference = ({ loss }: ShapingConfig): boolean => kl(loss);

/** Whether advantages come from something else than the rubric reward. */
export const isShaped = ({ loss, lengthPenalty }: ShapingConfig): boolean =>
  kl(loss) || lengthPenalty.overlongTokens > 0 || lengthPenalty.per500Characters > 0;

/**
 * The rewards that advantages come from: the rubric reward minus the length penalties, minus klCoef times the answer's
 * KL estimate (the sum over its tokens, at the weights that sampled it) when the KL term is part of the reward.
 * `reference` has each answer's logprobs. A null reward stays null.
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

/**
 * DAPO's soft over-long punishment (Yu et al. 2025, equation 13), as a positive amount: from 0 to overlongPenalty over
 * the last tokens.
 */
export function overlongPenalty(
  tokens: number,
  maxNewTokens: number,
  { overlongTokens, overlongPenalty: most }: Pick<LengthPenaltyConfig, 'overlongTokens' | 'overlongPenalty'>,
): number {
  if (overlongTokens === 0) return 0;
  const beyond = tokens - (maxNewTokens - overlongTokens);
  return most * Math.min(1, Math.max(0, beyond / overlongTokens));
}

/**
 * HealthBench Professional's length adjustment: so much for every 500 characters beyond the centre, and as much back
 * for those below it.
 */
export const charactersPenalty = (
  characters: number,
  { per500Characters, centreCharacters }: Pick<LengthPenaltyConfig, 'per500Characters' | 'centreCharacters'>,
): number => (per500Characters * (characters - centreCharacters)) / 500;

/** The mean KL estimate per token where the reward has the KL term: the loss then has none to report. */
export function rewardKl(
  rollouts: readonly Pick<Rollout, 'logprobs'>[],
  reference: readonly Float32Array[],
  { klKind }: Pick<LossConfig, 'klKind'>,
): number {
  const kl = rollouts.reduce((sum, { logprobs }, i) => sum + klOfAnswer(klKind, logprobs, reference[i]!), 0);
  const tokens = rollouts.reduce((sum, { logprobs }) => sum + logprobs.length, 0);
  return kl / Math.max(1, tokens);
}

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
