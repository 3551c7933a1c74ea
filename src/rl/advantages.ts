import type { LossConfig } from '../domain/recipe/loss';
import { mean, sampleDeviation } from '../domain/statistics';

const EPSILON = 1e-6;

/**
 * Group-relative advantages: reward minus the mean of its own group, divided by the unbiased standard deviation + 1e-6
 * of the group, of all the step's rewards (`batch`), or by nothing (verl core_algos.py; TRL's scale_rewards; Shao et
 * al. 2024, GRPO). Rewards are (P·G), groups adjacent. A null reward is left out of means and deviations and gets
 * advantage 0, as does a group with fewer than two rewards.
 */
export function groupAdvantages(
  rewards: readonly (number | null)[],
  groupSize: number,
  { scaleRewards }: { scaleRewards: LossConfig['scaleRewards'] },
): Float32Array {
  if (rewards.length % groupSize !== 0)
    throw new Error(`${rewards.length} rewards are not whole groups of ${groupSize}`);
  const advantages = new Float32Array(rewards.length);
  const batch = statistics(rewards);
  for (let start = 0; start < rewards.length; start += groupSize) {
    const group = rewards.slice(start, start + groupSize);
    const { mean: centre, std, count } = statistics(group);
    if (count < 2) continue;
    const scale = { group: std + EPSILON, batch: batch.std + EPSILON, none: 1 }[scaleRewards];
    group.forEach((reward, i) => {
      if (reward !== null) advantages[start + i] = (reward - centre) / scale;
    });
  }
  return advantages;
}

/** Mean and unbiased standard deviation of the values that are there; both 0 where they do not exist. */
export function statistics(values: readonly (number | null)[]): { mean: number; std: number; count: number } {
  const known = values.filter((value) => value !== null);
  const count = known.length;
  return { mean: count > 0 ? mean(known) : 0, std: count > 1 ? sampleDeviation(known) : 0, count };
}
