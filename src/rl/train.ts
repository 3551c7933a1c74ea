import type { Example } from '../domain/example';
import type { Recipe } from '../domain/recipe/recipe';
import type { Grader } from '../grading/grader';
import { derive } from '../random';
import { groupAdvantages } from './advantages';
import { gradedAnswers, type StepGroups, stepGroups } from './dynamicSampling';
import type { ExampleStream } from './exampleStream';
import type { Phase, Policy, UpdateReport } from './policy';
import { klOfAnswer, needsReference } from './shapedReward';
import type { StepListener } from './stepListener';

export interface StepReport extends Omit<StepGroups, 'reference'> {
  /** Steps finished, this one included. */
  readonly step: number;
  readonly advantages: Float32Array; // (P·G)
  readonly update: UpdateReport;
  readonly seconds: { readonly rollout: number; readonly grade: number; readonly update: number };
}

export interface TrainOptions {
  /** Steps already done: 0, or a checkpoint's. */
  readonly startStep: number;
  /** Abandons the step under way; the generator then throws. An update that has begun is finished first. */
  readonly signal?: AbortSignal;
  readonly onPhase?: (phase: Phase, done: number, total: number, step: number) => void;
  /** Told of answers and verdicts while a step is made. */
  readonly live?: StepListener;
  /** Milliseconds of a steady clock. */
  readonly now?: () => number;
}

/** A number that must be finite was not. The weights of the last checkpoint are still good. */
export class NotFinite extends Error {
  override name = 'NotFinite';
  constructor(
    readonly quantity: string,
    readonly step: number,
  ) {
    super(`${quantity} is not a finite number in step ${step}`);
  }
}

/**
 * GRPO with rubric rewards, one step per iteration. The caller drives: ask for the next report to go on, stop asking to pause, `return()` to end.
 * Every draw is a function of (seed, step), so a run continued from a checkpoint equals one that was never stopped.
 */
export async function* train(
  run: Recipe,
  policy: Policy,
  grader: Grader,
  examples: ExampleStream,
  { startStep, signal, onPhase, live, now = () => performance.now() }: TrainOptions,
): AsyncGenerator<StepReport, void, undefined> {
  for (let index = startStep; index < run.steps; index++) {
    const step = index + 1;
    const options = (phase: Phase, round = 0) => ({
      seed: round === 0 ? derive(run.seed, phase, index) : derive(run.seed, phase, index, round),
      ...(signal && { signal }),
      onProgress: (done: number, total: number) => onPhase?.(phase, done, total, step),
    });
    const seconds = { rollout: 0, grade: 0, update: 0 };
    const timed = async <T>(phase: keyof typeof seconds, work: () => Promise<T>): Promise<T> => {
      const started = now();
      const result = await work();
      seconds[phase] += (now() - started) / 1000;
      signal?.throwIfAborted();
      return result;
    };

    const prompts = (round: number, count: number, not: ReadonlySet<string>) =>
      round === 0 ? examples.take(index, count) : examples.refill(index, round, count, not);
    const answer = async (asked: readonly Example[], round: number) => {
      live?.asked(step, asked, run.groupSize);
      const rollouts = await timed('rollout', () =>
        policy.generate(asked, run.groupSize, run.sampling, {
          ...options('rollout', round),
          onTokens: (i, tokens) => live?.wrote(i, tokens),
        }),
      );
      if (!rollouts.every(({ logprobs }) => logprobs.every(Number.isFinite))) throw new NotFinite('logprob', step);
      const grades = await timed('grade', () =>
        grader.grade(rollouts, {
          ...options('grade', round),
          onGrade: (i, criterion, grade) => live?.graded(i, criterion, grade),
          onTokens: (i, criterion, tokens) => live?.reasoned(i, criterion, tokens),
        }),
      );
      const reference = needsReference(run)
        ? await timed('update', () => policy.referenceLogprobs(rollouts, run, options('update', round)))
        : null;
      return gradedAnswers(rollouts, grades, reference, run);
    };
    const { reference, ...groups } = await stepGroups(run, prompts, answer);
    const advantages = groupAdvantages(groups.shaped, run.groupSize, run.loss);

    const started = now();
    const learned = await policy.update(groups.rollouts, advantages, run, { ...options('update'), step: index });
    const update = withRewardKl(learned, groups, reference, run);
    seconds.update += (now() - started) / 1000;
    assertFinite(update, step);
    yield { step, ...groups, advantages, update, seconds };
  }
}

/** The KL estimate per token where the reward has it: the loss then has none to report. */
function withRewardKl(
  update: UpdateReport,
  { rollouts }: Pick<StepGroups, 'rollouts'>,
  reference: StepGroups['reference'],
  { loss }: Recipe,
): UpdateReport {
  if (!reference) return update;
  const kl = rollouts.reduce((sum, { logprobs }, i) => sum + klOfAnswer(loss.klKind, logprobs, reference[i]!), 0);
  const tokens = rollouts.reduce((sum, { logprobs }) => sum + logprobs.length, 0);
  return { ...update, kl: kl / Math.max(1, tokens) };
}

function assertFinite(update: UpdateReport, step: number): void {
  if (!Number.isFinite(update.loss)) throw new NotFinite('loss', step);
  if (!Number.isFinite(update.gradNorm)) throw new NotFinite('gradient norm', step);
  if (update.kl !== null && !Number.isFinite(update.kl)) throw new NotFinite('KL', step);
  if (!update.finite) throw new NotFinite('gradient', step);
}
