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

/** Sequences graded at once, at most. */
const SLOTS = 16;

export interface GradingHooks extends LoadHooks, PhasedContext<'rollout' | 'grade'> {}

/** Tokens of the longest conversation with its answer, as the memory plan counts them. */
export const longestConversation = ({ text }: OpenModel, rollouts: readonly Rollout[]): number =>
  rollouts.reduce((most, { example, completion }) => {
    const tokens = promptTokens(text, example.prompt).length + text.encode(visibleAnswer(completion)).length;
    return Math.max(most, tokens);
  }, 16);

/** A model as the grader of these answers, loaded onto the device; `config.kind` frozen switches its adapter off. */
export async function openModelGrader(
  engine: Engine,
  subject: ModelUnderTest,
  rollouts: readonly Rollout[],
  config: GraderConfig,
  hooks: LoadHooks = {},
): Promise<Grader> {
  const { opened } = subject;
  const sizes = {
    promptsPerStep: Math.min(SLOTS, Math.max(1, rollouts.length)),
    groupSize: 1,
    maxPromptTokens: Math.min(longestConversation(opened, rollouts), opened.report.config.contextLength),
    sampling: { maxNewTokens: 1 },
    grader: config,
  };
  const examples = rollouts.map(({ example }) => example);
  const model = await openModelUnderTest(engine, subject, sizes, examples, hooks);
  return new ModelGrader(model, opened.text, config);
}

/** Grades answers with a model that is loaded for it. (P·K) */
export async function gradeGiven(
  engine: Engine,
  subject: ModelUnderTest,
  rollouts: readonly Rollout[],
  config: GraderConfig,
  { seed, signal, onLoad, onPhase }: { seed: number } & GradingHooks,
): Promise<Grade[]> {
  const grader = await openModelGrader(engine, subject, rollouts, config, { signal, onLoad });
  return gradeAnswers(grader, rollouts, { seed }, phaseOf({ signal, onPhase }, 'grade'));
}
