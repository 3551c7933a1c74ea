import type { GraderConfig } from '../config/run';
import { gradeAnswers } from '../rl/evaluate';
import { ModelGrader } from '../rl/grader';
import type { Grader, Rollout } from '../rl/policy';
import { promptTokens } from '../rl/transformerPolicy';
import { visibleAnswer } from '../rubric/graderPrompt';
import type { Grade } from '../rubric/verdict';
import type { Engine } from './engine';
import type { OpenModel } from './openModel';
import { openSubject, type Subject, type SubjectHooks } from './subject';

/** Sequences that are graded side by side, at most. */
const SLOTS = 16;

export interface GradingHooks extends SubjectHooks {
  readonly onProgress?: ((phase: 'rollout' | 'grade', done: number, total: number) => void) | undefined;
}

/** Tokens of the longest conversation with its answer, as the memory plan counts them. */
export const longestConversation = ({ text }: OpenModel, rollouts: readonly Rollout[]): number =>
  rollouts.reduce((most, { example, completion }) => {
    const tokens = promptTokens(text, example.prompt).length + text.encode(visibleAnswer(completion)).length;
    return Math.max(most, tokens);
  }, 16);

/** Grades answers that are there already with a model that is loaded for it; `config.kind` frozen leaves out what was learnt. (P·K) */
export async function gradeGiven(
  engine: Engine,
  subject: Subject,
  rollouts: readonly Rollout[],
  config: GraderConfig,
  { seed, signal, onLoad, onProgress }: { seed: number } & GradingHooks,
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
  const model = await openSubject(engine, subject, sizes, examples, { signal, onLoad });
  const grader: Grader = new ModelGrader(model, opened.text, config);
  return gradeAnswers(grader, rollouts, { seed, signal, onProgress });
}
