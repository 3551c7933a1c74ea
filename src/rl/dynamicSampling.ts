import type { Example } from '../domain/example';
import type { Recipe } from '../domain/recipe/recipe';
import { rubricReward } from '../domain/reward';
import type { Rollout } from '../domain/rollout';
import { meanOrNull } from '../domain/statistics';
import type { Grade } from '../domain/verdict';
import { statistics } from './advantages';
import { shapedRewards } from './shapedReward';

/** Groups whose rewards differ by less are equal: there is nothing to learn from them (slime's check_reward_nonzero_std). */
export const NO_SPREAD = 1e-6;

/** Answers with all that is known of them, (P·G), groups adjacent. */
export interface GradedAnswers {
  readonly rollouts: readonly Rollout[];
  readonly grades: readonly Grade[];
  /** By the rubric alone. */
  readonly rewards: readonly (number | null)[];
  /** What advantages are made of: the rewards, less penalties. */
  readonly shaped: readonly (number | null)[];
  /** The answers' logprobs under the reference, where the reward needs them. */
  readonly reference: readonly Float32Array[] | null;
}

export function gradedAnswers(
  rollouts: readonly Rollout[],
  grades: readonly Grade[],
  reference: readonly Float32Array[] | null,
  run: Recipe,
): GradedAnswers {
  const rewards = rollouts.map(({ example }, i) => rubricReward(example.rubrics, grades[i]!, run.grader.ungraded));
  return { rollouts, grades, rewards, shaped: shapedRewards(rollouts, rewards, run, reference), reference };
}

export interface StepGroups extends GradedAnswers {
  /** Mean rubric reward of every group that was dropped for its equal rewards; null when nothing is dropped. */
  readonly dropped: readonly (number | null)[] | null;
}

/**
 * Dynamic sampling (DAPO, Yu et al. 2025): answers and grades `promptsPerStep` prompts, drops the groups with equal rewards and answers further
 * prompts instead, at most `maxRefills` times. What is still missing then is made up by dropped groups, whose advantages are 0, so that a step
 * always has its P·G answers.
 */
export async function stepGroups(
  run: Pick<Recipe, 'promptsPerStep' | 'groupSize' | 'maxRefills'>,
  prompts: (round: number, count: number, not: ReadonlySet<string>) => readonly Example[],
  answer: (prompts: readonly Example[], round: number) => Promise<GradedAnswers>,
): Promise<StepGroups> {
  const { promptsPerStep: P, groupSize, maxRefills } = run;
  const kept: GradedAnswers[] = [];
  const dropped: GradedAnswers[] = [];
  const asked = new Set<string>();
  for (let round = 0; round <= maxRefills && kept.length < P; round++) {
    const examples = prompts(round, P - kept.length, asked);
    if (examples.length === 0) break;
    for (const { promptId } of examples) asked.add(promptId);
    for (const group of groupsOf(await answer(examples, round), groupSize)) {
      (maxRefills === 0 || statistics(group.shaped).std > NO_SPREAD ? kept : dropped).push(group);
    }
  }
  const used = [...kept, ...dropped].slice(0, P);
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

function groupsOf(answers: GradedAnswers, size: number): GradedAnswers[] {
  return Array.from({ length: answers.rollouts.length / size }, (_, g) => {
    const [from, to] = [g * size, (g + 1) * size];
    return {
      rollouts: answers.rollouts.slice(from, to),
      grades: answers.grades.slice(from, to),
      rewards: answers.rewards.slice(from, to),
      shaped: answers.shaped.slice(from, to),
      reference: answers.reference?.slice(from, to) ?? null,
    };
  });
}
