import type { RunConfig } from '../config/run';
import { derive } from '../random';
import { rubricReward } from '../rubric/reward';
import type { Grade } from '../rubric/verdict';
import { groupAdvantages } from './advantages';
import type { ExampleStream } from './exampleStream';
import type { Grader, Phase, Policy, Rollout, UpdateReport } from './policy';

export interface StepReport {
  /** Steps finished, this one included. */
  readonly step: number;
  readonly rollouts: readonly Rollout[]; // (P·G), groups adjacent
  readonly grades: readonly Grade[]; // (P·G)
  readonly rewards: readonly (number | null)[]; // (P·G)
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
  run: RunConfig,
  policy: Policy,
  grader: Grader,
  examples: ExampleStream,
  { startStep, signal, onPhase, now = () => performance.now() }: TrainOptions,
): AsyncGenerator<StepReport, void, undefined> {
  for (let index = startStep; index < run.steps; index++) {
    const step = index + 1;
    const options = (phase: Phase) => ({
      seed: derive(run.seed, phase, index),
      ...(signal && { signal }),
      onProgress: (done: number, total: number) => onPhase?.(phase, done, total, step),
    });
    const started = now();
    const prompts = examples.take(index, run.promptsPerStep);
    const rollouts = await policy.generate(prompts, run.groupSize, run.sampling, options('rollout'));
    signal?.throwIfAborted();
    if (!rollouts.every(({ logprobs }) => logprobs.every(Number.isFinite))) throw new NotFinite('logprob', step);

    const answered = now();
    const grades = await grader.grade(rollouts, options('grade'));
    signal?.throwIfAborted();
    const rewards = rollouts.map(({ example }, i) => rubricReward(example.rubrics, grades[i]!, run.grader.ungraded));
    const advantages = groupAdvantages(rewards, run.groupSize, run.loss);

    const graded = now();
    const update = await policy.update(rollouts, advantages, run, { ...options('update'), step: index });
    assertFinite(update, step);

    const seconds = {
      rollout: (answered - started) / 1000,
      grade: (graded - answered) / 1000,
      update: (now() - graded) / 1000,
    };
    yield { step, rollouts, grades, rewards, advantages, update, seconds };
  }
}

function assertFinite(update: UpdateReport, step: number): void {
  if (!Number.isFinite(update.loss)) throw new NotFinite('loss', step);
  if (!Number.isFinite(update.gradNorm)) throw new NotFinite('gradient norm', step);
  if (update.kl !== null && !Number.isFinite(update.kl)) throw new NotFinite('KL', step);
  if (!update.finite) throw new NotFinite('gradient', step);
}
