import type { EvaluatedAnswer } from '../../domain/answerRecord';
import type { Example } from '../../domain/example';
import type { Sampling } from '../../domain/recipe/sampling';
import type { Rollout } from '../../domain/rollout';
import type { Grade } from '../../domain/verdict';
import { partOf, phaseOf } from '../../domain/workContext';
import { type Baseline, type Evaluation, type EvaluationAbout, summarise } from '../../evaluation/evaluationSummary';
import { ModelGrader } from '../../grading/policyGrader';
import { answerPrompts, evaluatedAnswers, gradeAnswers } from '../../rl/evaluate';
import { promptTokens } from '../../rl/transformerPolicy';
import { ConversationRefused } from '../../text/chatTemplate';
import type { Engine } from '../engine';
import { LabError } from '../failures';
import { graderName } from './evaluationGrader';
import type { EvaluationJob } from './evaluationJob';
import { type GradingHooks, gradeGiven } from './gradeGiven';
import { type ModelUnderTest, openModelUnderTest } from './modelUnderTest';

/** Sequences generated at once, at most. */
const SLOTS = 32;

/** Prompts that are left out, by the reason. */
export interface LeftOut {
  readonly tooLong: readonly Example[];
  /** Those that the model's chat template has no place for. */
  readonly refused: readonly Example[];
}

/** In words; empty when every prompt is answered. */
export const leftOutText = ({ tooLong, refused }: LeftOut): string => {
  const reasons = [
    ...(tooLong.length > 0 ? [`${tooLong.length} too long for the model`] : []),
    ...(refused.length > 0 ? [`${refused.length} with turns that its chat template refuses`] : []),
  ];
  return reasons.length > 0 ? `prompts left out: ${reasons.join(', ')}` : '';
};

/**
 * Prompts that fit the model's chat template, and its context beside the longest answer, and those that do not. Throws
 * ConversationRefused or LabError when none fits.
 */
export function fittingPrompts(
  { opened }: ModelUnderTest,
  examples: readonly Example[],
  { maxNewTokens }: Pick<Sampling, 'maxNewTokens'>,
  thinking?: boolean,
): LeftOut & { readonly fitting: Example[]; readonly longest: number } {
  const room = opened.report.config.contextLength - maxNewTokens;
  const fitting: Example[] = [];
  const tooLong: Example[] = [];
  const refused: Example[] = [];
  let refusal: ConversationRefused | undefined;
  let longest = 8;
  for (const example of examples) {
    try {
      const { length } = promptTokens(opened.text, example.prompt, thinking);
      (length <= room ? fitting : tooLong).push(example);
      if (length <= room) longest = Math.max(longest, length);
    } catch (error) {
      if (!(error instanceof ConversationRefused)) throw error;
      refusal = error;
      refused.push(example);
    }
  }
  if (fitting.length > 0) return { fitting, tooLong, refused, longest };
  if (refusal && tooLong.length === 0) throw refusal;
  throw new LabError(
    'badConfig',
    `No prompt fits: the context has ${opened.report.config.contextLength} tokens, and the answer needs ${maxNewTokens}.`,
    'Lower the max answer length, or use a model with a longer context.',
  );
}

/** An evaluation with everything that it was made of. */
export interface EvaluationResult extends LeftOut {
  readonly evaluation: Evaluation;
  readonly answers: readonly EvaluatedAnswer[];
  /** By the weights that the subject started from; empty when the job has no start. */
  readonly startAnswers: readonly EvaluatedAnswer[];
}

/**
 * Answers, grades and summary. Compared with `baseline`, or with what the subject started from where the job asks it.
 * `name`: what the report calls the subject. Rejects with an AbortError on abort.
 */
export async function evaluateModel(
  engine: Engine,
  job: EvaluationJob,
  { madeAt, name = job.subject.name, baseline }: { madeAt: Date; name?: string | undefined; baseline?: Baseline },
  hooks: GradingHooks = {},
): Promise<EvaluationResult> {
  const { subject, data, sampling, seed } = job;
  const { answers, startAnswers, ...leftOut } = await runEvaluation(engine, job, hooks);
  const left = leftOutText(leftOut);
  const about: EvaluationAbout = {
    model: name,
    modelId: subject.opened.report.id,
    grader: graderName(job),
    data: left === '' ? data : `${data}; ${left}`,
    answers: job.answers,
    sampling: { temperature: sampling.temperature, maxNewTokens: sampling.maxNewTokens },
    seed,
    madeAt: madeAt.toISOString(),
  };
  const start = {
    about: { model: `${subject.opened.report.name}, before training`, grader: about.grader },
    answers: startAnswers,
  };
  const evaluation = summarise(answers, about, baseline ?? (startAnswers.length > 0 ? start : undefined));
  return { evaluation, answers, startAnswers, ...leftOut };
}

/**
 * Answers and grades. Loads the models onto the device; the engine frees the one before. Rejects with an AbortError on
 * abort.
 */
export async function runEvaluation(
  engine: Engine,
  job: EvaluationJob,
  hooks: GradingHooks = {},
): Promise<LeftOut & { answers: EvaluatedAnswer[]; startAnswers: EvaluatedAnswer[] }> {
  const { subject, grader, answers, sampling, thinking, seed, withStart = false } = job;
  const { signal, onLoad } = hooks;
  const { fitting, longest, tooLong, refused } = fittingPrompts(subject, job.examples, sampling, thinking);
  const own = grader.kind === 'subject' ? grader.config : undefined;
  const sizes = {
    promptsPerStep: Math.min(fitting.length, Math.max(1, Math.floor(SLOTS / answers))),
    groupSize: answers,
    maxPromptTokens: longest,
    sampling,
    grader: own ?? { mode: 'verdict' as const },
    evaluation: { every: withStart ? 1 : 0 }, // full fine-tuning then keeps the start
  };
  const model = await openModelUnderTest(engine, subject, sizes, fitting, { signal, onLoad });
  const adapters = [true, ...(withStart && subject.trained ? [false] : [])];
  const answering = phaseOf(hooks, 'rollout');
  const rollouts: Rollout[] = [];
  for (const [i, adapter] of adapters.entries()) {
    const size = fitting.length * answers;
    const context = partOf(answering, { before: i * size, size, total: adapters.length * size });
    const options = { answers, sampling, thinking, adapter, seed };
    rollouts.push(...(await answerPrompts(model, subject.opened.text, fitting, options, context)));
  }
  const grading = phaseOf(hooks, 'grade');
  const grade = (): Promise<Grade[]> => {
    if (grader.kind === 'outside') return gradeAnswers(grader.grader, rollouts, { seed }, grading);
    if (grader.kind === 'model') return gradeGiven(engine, grader.subject, rollouts, grader.config, { seed, ...hooks });
    const itself = new ModelGrader(model, subject.opened.text, grader.config);
    return gradeAnswers(itself, rollouts, { seed }, grading);
  };
  const all = evaluatedAnswers(rollouts, await grade(), graderName(job));
  const count = fitting.length * answers;
  return { answers: all.slice(0, count), startAnswers: all.slice(count), tooLong, refused };
}
