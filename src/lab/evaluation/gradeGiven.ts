import type { GraderConfig } from '../../domain/recipe/grader';
import type { Rollout } from '../../domain/rollout';
import type { Grade } from '../../domain/verdict';
import { visibleAnswer } from '../../domain/visibleAnswer';
import { type PhasedContext, phaseOf } from '../../domain/workContext';
import type { Grader } from '../../grading/grader';
import { ModelGrader } from '../../grading/policyGrader';
import { gradeAnswers } from '../../rl/evaluate';
import { promptTokens } from '../../rl/transformerPolicy';
import type { Engine } from '../engine';
import type { OpenModel } from '../models/openModel';
import { type LoadHooks, type ModelUnderTest, openModelUnderTest } from './modelUnderTest';

/** Sequences that are graded side by side, at most. */
const SLOTS = 16;

export interface GradingHooks extends LoadHooks, PhasedContext<'rollout' | 'grade'> {}

/** Tokens of the longest conversation with its answer, as the memory plan counts them. */
export const longestConversation = ({ text }: OpenModel, rollouts: readonly Rollout[]): number =>
  rollouts.reduce((most, { example, completion }) => {
    const tokens = promptTokens(text, example.prompt).length + text.encode(visibleAnswer(completion)).length;
    return Math.max(most, tokens);
  }, 16);

/** Grades answers that are there already with a model that is loaded for it; `config.kind` frozen leaves out what was learned. (P·K) */
export async function gradeGiven(
  engine: Engine,
  subject: ModelUnderTest,
  rollouts: readonly Rollout[],
  config: GraderConfig,
  { seed, signal, onLoad, onPhase }: { seed: number } & GradingHooks,
): Promise<Grade[]> {
  const { opened } = subject;
  const sizes = {
    promptsPerStep: Math.min(SLOTS, Math.max(1, rollouts.length)),
    groupSize: 1,
    maxPromptTokens: Math.min(longestConversation(opened, rollouts), opened.report.config.contextLength),
    sampling: { maxNewTokens: 1 },
    grader: config,
  };
  const examples = rollouts.map(({ example }) => example);
  const model = await openModelUnderTest(engine, subject, sizes, examples, { signal, onLoad });
  const grader: Grader = new ModelGrader(model, opened.text, config);
  return gradeAnswers(grader, rollouts, { seed }, phaseOf({ signal, onPhase }, 'grade'));
}
