import type { ParsedFile } from '../../data/parse';
import { type EvaluatedAnswer, joinExample } from '../../domain/answerRecord';
import type { Example } from '../../domain/example';
import type { GraderConfig } from '../../domain/recipe/grader';
import { phaseOf } from '../../domain/workContext';
import { answerPairs } from '../../evaluation/answerPairs';
import { type GraderCheck, graderCheck } from '../../evaluation/graderCheck';
import type { Grader } from '../../grading/grader';
import { givenAnswer, gradeAnswers } from '../../rl/evaluate';
import type { Engine } from '../engine';
import { type GradingHooks, openModelGrader } from './gradeGiven';
import type { ModelUnderTest } from './modelUnderTest';

/** What a grader is checked on. */
export interface GraderCheckJob {
  readonly examples: readonly Example[];
  /** Verdicts that somebody else gave. May be empty. */
  readonly recorded: readonly EvaluatedAnswer[];
  readonly config: GraderConfig;
  readonly pairs: number;
  readonly seed: number;
  /** The grader in words. */
  readonly name: string;
}

/** The verdicts that open data files bring, with their examples. Answers to prompts that are not there are left out. */
export function recordedOf(files: readonly ParsedFile[], examples: readonly Example[]): EvaluatedAnswer[] {
  const byId = new Map(examples.map((example) => [example.promptId, example]));
  return files.flatMap(({ graded }) =>
    graded.flatMap((answer) => {
      const example = byId.get(answer.promptId);
      try {
        return example ? [joinExample(answer, example)] : [];
      } catch {
        return []; // verdicts on another rubric
      }
    }),
  );
}

/** Checks a model as the grader of a run that has not begun, or the teacher that is given. */
export async function checkGrader(
  engine: Engine,
  by: ModelUnderTest | Grader,
  { examples, recorded, config, pairs: count, seed, name }: GraderCheckJob,
  hooks: GradingHooks = {},
): Promise<GraderCheck> {
  const pairs = answerPairs(examples, recorded, { pairs: count, seed, checks: config.checks });
  if (pairs.length === 0) return graderCheck(name, [], [], seed);
  const rollouts = pairs.flatMap(({ example, criterion, met, notMet }, i) =>
    [met, notMet].map((answer) => givenAnswer({ ...example, rubrics: [criterion] }, answer, i)),
  );
  const grader = 'grade' in by ? by : await openModelGrader(engine, by, rollouts, config, hooks);
  const grades = await gradeAnswers(grader, rollouts, { seed }, phaseOf(hooks, 'grade'));
  return graderCheck(
    name,
    pairs,
    pairs.map((_, i) => [grades[2 * i]![0]!, grades[2 * i + 1]![0]!]),
    seed,
  );
}
