import type { Example } from '../../domain/example';
import { type EvaluationMetrics, NO_EVALUATION } from '../../domain/metrics/evaluationMetrics';
import type { Recipe } from '../../domain/recipe/recipe';
import type { GraderModel } from '../../grading/graderModel';
import { evaluateRun, evaluationDue } from '../../rl/periodicEvaluation';
import { isAbort } from '../failures';
import type { OpenModel } from '../models/openModel';
import type { ProgressMeter } from '../progress';

export interface PeriodicEvaluation {
  readonly model: GraderModel;
  readonly opened: Pick<OpenModel, 'text'>;
  /** Held-out prompts that the run is watched on; empty when it is not. */
  readonly watched: readonly Example[];
  readonly now: () => number;
}

const LABELS = { rollout: 'Answering held-out prompts', grade: 'Grading held-out answers' };

/** The evaluation of a run after a step, where one is due. A stop gives it up, not the step. */
export async function watch(
  { model, opened, watched, now }: PeriodicEvaluation,
  config: Recipe,
  step: number,
  { meter, signal }: { meter: ProgressMeter; signal: AbortSignal },
): Promise<EvaluationMetrics> {
  if (watched.length === 0 || !evaluationDue(config.evaluation, step)) return NO_EVALUATION;
  const onProgress = (phase: 'rollout' | 'grade', done: number, total: number) =>
    meter.report('evaluate', done, total, step, LABELS[phase]);
  try {
    return await evaluateRun(model, opened.text, config, watched, { signal, onProgress, now });
  } catch (error) {
    if (signal.aborted && isAbort(error)) return NO_EVALUATION;
    throw error;
  }
}
