import type { Example } from '../domain/example';
import { rubricReward } from '../domain/reward';
import { mean, middle95, populationDeviation } from '../domain/statistics';
import type { Grade } from '../domain/verdict';
import { bootstrapMeans } from './bootstrap';

/**
 * Mean clipped to [0, 1], the standard deviation of bootstrapped means and their middle 95 %, and how many values. NaN
 * for no value.
 */
export interface Score {
  readonly mean: number;
  readonly bootstrapStd: number;
  readonly interval: readonly [low: number, high: number];
  readonly n: number;
}

/** HealthBench scores are of verdicts, also where a run's reward is soft. */
const hard = (grade: Grade) => grade.map(({ verdict }) => ({ verdict }));

/**
 * Unclipped score of an answer; null when no positive criterion is graded. Ungraded criteria are in neither sum,
 * whatever a recipe says of rewards.
 */
export const scoreOf = ({ example, grade }: { readonly example: Pick<Example, 'rubrics'>; readonly grade: Grade }) =>
  rubricReward(example.rubrics, hard(grade), 'leftOut');

/** Into [0, 1], as simple-evals clips means. */
export const clip = (value: number): number => Math.min(1, Math.max(0, value));

/** simple-evals' statistics of a list of unclipped scores. The bootstrap draws are fixed by `seed`. */
export function clippedScore(values: readonly number[], seed = 0): Score {
  const n = values.length;
  const means = bootstrapMeans(values, seed).map(clip);
  return { mean: clip(mean(values)), bootstrapStd: populationDeviation(means), interval: middle95(means), n };
}

/**
 * HealthBench scores (simple-evals healthbench_eval.py): overall, per tag of the examples (themes; an example's tags
 * get its score) and per tag of the criteria (axes, levels, clusters; scored over their own criteria, dropped where
 * these have no positive points). Ungraded criteria are left out of the sums and counted.
 */
export function healthBenchScores(
  graded: readonly { readonly example: Example; readonly grade: Grade }[],
  seed = 0,
): { overall: Score; tags: ReadonlyMap<string, Score>; ungraded: number } {
  const overall: number[] = [];
  const byTag = new Map<string, number[]>();
  const add = (tag: string, value: number | null) => {
    if (value === null) return;
    const values = byTag.get(tag);
    if (values) values.push(value);
    else byTag.set(tag, [value]);
  };
  let ungraded = 0;

  for (const { example, grade } of graded) {
    ungraded += grade.filter(({ verdict }) => verdict === 'ungraded').length;
    const score = scoreOf({ example, grade });
    if (score !== null) overall.push(score);
    for (const tag of new Set(example.exampleTags)) add(tag, score);
    for (const tag of new Set(example.rubrics.flatMap(({ tags }) => tags))) {
      const own = example.rubrics.flatMap((criterion, i) => (criterion.tags.includes(tag) ? [i] : []));
      const criteria = own.map((i) => example.rubrics[i]!);
      add(tag, rubricReward(criteria, hard(own.map((i) => grade[i]!)), 'leftOut'));
    }
  }
  const tags = new Map([...byTag].map(([tag, values]) => [tag, clippedScore(values, seed)]));
  return { overall: clippedScore(overall, seed), tags, ungraded };
}
