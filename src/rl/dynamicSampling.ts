import type { Recipe } from '../domain/recipe/recipe';
import type { Rollout } from '../domain/rollout';
import { meanOrNull } from '../domain/statistics';
import type { Grade } from '../domain/verdict';
import { statistics } from './advantages';

/**
 * Groups whose rewards differ by less are equal: there is nothing to learn from them (slime's
 * check_reward_nonzero_std).
 */
export const NO_SPREAD = 1e-6;

/** Answers with their grades and rewards, (P·G), groups adjacent. */
export interface GradedAnswers {
  readonly rollouts: readonly Rollout[];
  readonly grades: readonly Grade[];
  /** By the rubric alone. */
  readonly rewards: readonly (number | null)[];
  /** The rewards minus penalties: advantages come from these. */
  readonly shaped: readonly (number | null)[];
  /** The answers' logprobs under the reference, where the reward needs them. */
  readonly reference: readonly Float32Array[] | null;
}

/** The answers of a step. */
export interface StepAnswers extends GradedAnswers {
  /** Mean rubric reward of every group that was dropped for its equal rewards; null without dynamic sampling. */
  readonly dropped: readonly (number | null)[] | null;
}

/** The groups of a step so far, (G) answers each. */
export interface SampledGroups {
  readonly kept: readonly GradedAnswers[];
  readonly dropped: readonly GradedAnswers[];
}

/**
 * Dynamic sampling (DAPO, Yu et al. 2025): drops the groups of a round whose shaped rewards are equal. Without refills
 * every group is kept.
 */
export function withRound(
  { kept, dropped }: SampledGroups,
  round: GradedAnswers,
  { groupSize, maxRefills }: Pick<Recipe, 'groupSize' | 'maxRefills'>,
): SampledGroups {
  const groups = groupsOf(round, groupSize);
  const teaches = ({ shaped }: GradedAnswers) => maxRefills === 0 || statistics(shaped).std > NO_SPREAD;
  return {
    kept: [...kept, ...groups.filter(teaches)],
    dropped: [...dropped, ...groups.filter((group) => !teaches(group))],
  };
}

/** The prompts that a step has sampled. */
export const sampledPrompts = ({ kept, dropped }: SampledGroups): Set<string> =>
  new Set([...kept, ...dropped].map(({ rollouts }) => rollouts[0]!.example.promptId));

/**
 * (P·G) answers of the kept groups. Dropped groups, whose advantages are 0, replace the missing ones: a step always has
 * its P groups.
 */
export function stepAnswers(
  { kept, dropped }: SampledGroups,
  { promptsPerStep, maxRefills }: Pick<Recipe, 'promptsPerStep' | 'maxRefills'>,
): StepAnswers {
  const used = [...kept, ...dropped].slice(0, promptsPerStep);
  return {
    rollouts: used.flatMap(({ rollouts }, group) => rollouts.map((rollout) => ({ ...rollout, group }))),
    grades: used.flatMap(({ grades }) => grades),
    rewards: used.flatMap(({ rewards }) => rewards),
    shaped: used.flatMap(({ shaped }) => shaped),
    reference: used[0]?.reference ? used.flatMap(({ reference }) => reference!) : null,
    dropped:
      maxRefills === 0 ? null : dropped.map(({ rewards }) => meanOrNull(rewards.filter((reward) => reward !== null))),
  };
}

function groupsOf({ rollouts, grades, rewards, shaped, reference }: GradedAnswers, size: number): GradedAnswers[] {
  return Array.from({ length: rollouts.length / size }, (_, g) => {
    const range = [g * size, (g + 1) * size] as const;
    return {
      rollouts: rollouts.slice(...range),
      grades: grades.slice(...range),
      rewards: rewards.slice(...range),
      shaped: shaped.slice(...range),
      reference: reference?.slice(...range) ?? null,
    };
  });
}
