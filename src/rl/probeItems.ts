import type { Example } from '../domain/example';
import type { Recipe } from '../domain/recipe/recipe';
import type { Rollout } from '../domain/rollout';
import { derive, shuffled } from '../random';
import { givenAnswer } from './evaluate';

/**
 * Answers that say nothing, or nothing about the prompt. A sound grader finds none of the good criteria met in them.
 */
export type ControlName = 'empty' | 'colon' | 'echo' | 'other';

/**
 * The answers that the grader grades at every check: the same each time, so that a change is a change of the grader.
 */
export interface ProbeItems {
  /** (n) answers by the weights that the run started from, with their whole rubrics. */
  readonly stored: readonly Rollout[];
  /** Ideal answers that come with the data; good criteria only. May be empty. */
  readonly ideal: readonly Rollout[];
  /** (4·n, or 3·n with one item) controls; good criteria only. */
  readonly controls: readonly { readonly name: ControlName; readonly rollout: Rollout }[];
}

/** The prompts of the checks: fixed by the run's seed and data. Prompts without a rubric cannot be graded. */
export const probePrompts = (
  examples: readonly Example[],
  { probes, seed, grader }: Pick<Recipe, 'probes' | 'seed' | 'grader'>,
) => {
  // What a program decides says nothing of the grader.
  const judged = (example: Example): Example => ({
    ...example,
    rubrics: example.rubrics.filter(({ check }) => !check || grader.checks === 'grader'),
  });
  const order = shuffled(derive(seed, 'probes'), examples)
    .map(judged)
    .filter(({ rubrics }) => rubrics.length > 0);
  return {
    items: order.slice(0, probes.items),
    ideal: order.filter(({ idealCompletion }) => idealCompletion !== null).slice(0, probes.items),
  };
};

/**
 * `stored` are the answers of `items`, in their order. Groups number the items through, as a grader takes equal answers
 * of one group for one.
 */
export function probeItems(
  items: readonly Example[],
  ideal: readonly Example[],
  stored: readonly Rollout[],
): ProbeItems {
  const goodOnly = (example: Example): Example => ({
    ...example,
    rubrics: example.rubrics.filter(({ points }) => points > 0),
  });
  const n = items.length;
  const controls = items.flatMap((example, i) => {
    const make = (name: ControlName, completion: string) => ({
      name,
      rollout: givenAnswer(goodOnly(example), completion, n + ideal.length + i),
    });
    const other = n > 1 ? [make('other', stored[(i + 1) % n]!.completion)] : [];
    return [make('empty', ''), make('colon', ':'), make('echo', example.prompt.at(-1)!.content), ...other];
  });
  return {
    stored: stored.map((rollout, group) => ({ ...rollout, group })),
    ideal: ideal.map((example, i) => givenAnswer(goodOnly(example), example.idealCompletion!, n + i)),
    controls,
  };
}
