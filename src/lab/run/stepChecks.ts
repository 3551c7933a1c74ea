import { isAbort } from '../../domain/failure';
import { type EvaluationMetrics, NO_EVALUATION } from '../../domain/metrics/evaluationMetrics';
import type { StepMetrics } from '../../domain/metrics/metrics';
import { NO_PROBES, type ProbeMetrics } from '../../domain/metrics/probeMetrics';
import type { RolloutRecord } from '../../domain/rolloutRecord';
import type { RunSummary } from '../../domain/run';
import { givenAnswer } from '../../rl/evaluate';
import { evaluateRun, evaluationDue } from '../../rl/periodicEvaluation';
import { Probes, probesDue } from '../../rl/probes';
import type { StepReport } from '../../rl/stepReport';
import type { ProgressMeter } from '../progress';
import type { OpenRun } from './openRun';

type Parts = Pick<OpenRun, 'run' | 'model' | 'opened' | 'examples' | 'periodicPrompts' | 'store' | 'now'>;

interface Hooks {
  readonly meter: ProgressMeter;
  readonly signal: AbortSignal;
}

type Checked = Pick<StepReport, 'step' | 'rollouts' | 'rewards'>;

const EVALUATION_LABELS = { rollout: 'Answering held-out prompts', grade: 'Grading held-out answers' };

/**
 * The checks that follow a step where they are due: probes of the policy as a grader, and the periodic evaluation on
 * held-out prompts. A stop gives them up, not the step. They depend on weights, data and seed alone, so a run that goes
 * on from that step makes the pending ones first, and equals one that was never stopped.
 */
export class StepChecks {
  private readonly probes: Probes;

  constructor(
    private readonly parts: Parts,
    private readonly hooks: Hooks,
  ) {
    const { model, opened, run, examples } = parts;
    this.probes = new Probes(model, opened.text, run.config, examples);
  }

  /** Numbers of the checks that are due; the others are null. */
  async after(report: Checked): Promise<ProbeMetrics & EvaluationMetrics> {
    const probes = await this.probe(report);
    return { ...probes, ...(await this.evaluate(report.step)) };
  }

  /** Whether a check that was due after a step is missing in its numbers. */
  pending(metrics: StepMetrics): boolean {
    return this.probePending(metrics) || this.evaluationPending(metrics);
  }

  /** The last step of a saved run with the checks that a stop cancelled; null when none is pending. */
  async makePending({ runId, step }: Pick<RunSummary, 'runId' | 'step'>): Promise<StepMetrics | null> {
    if (step === 0) return null;
    const { store } = this.parts;
    const saved = (await store.loadMetrics(runId)).find((line) => line.step === step);
    if (!saved || !this.pending(saved)) return null;
    const probes = this.probePending(saved)
      ? await this.probe(asReport(step, await store.loadRollouts(runId, step)))
      : {};
    const evaluation = this.evaluationPending(saved) ? await this.evaluate(step) : {};
    return { ...saved, ...probes, ...evaluation };
  }

  private async probe(report: Checked): Promise<ProbeMetrics> {
    if (!probesDue(this.parts.run.config.probes, report.step)) return NO_PROBES;
    const onProgress = (done: number, total: number) =>
      this.hooks.meter.report('evaluate', done, total, report.step, 'Checking the grader');
    return this.unlessStopped(NO_PROBES, (signal) =>
      this.probes.check(report, { now: this.parts.now }, { signal, onProgress }),
    );
  }

  private async evaluate(step: number): Promise<EvaluationMetrics> {
    if (!this.evaluationDue(step)) return NO_EVALUATION;
    const { model, opened, run, periodicPrompts, now } = this.parts;
    const onPhase = (phase: 'rollout' | 'grade', done: number, total: number) =>
      this.hooks.meter.report('evaluate', done, total, step, EVALUATION_LABELS[phase]);
    return this.unlessStopped(NO_EVALUATION, (signal) =>
      evaluateRun(model, opened.text, run.config, periodicPrompts, { now }, { signal, onPhase }),
    );
  }

  private async unlessStopped<T>(none: T, check: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const { signal } = this.hooks;
    try {
      return await check(signal);
    } catch (error) {
      if (signal.aborted && isAbort(error)) return none;
      throw error;
    }
  }

  private evaluationDue(step: number): boolean {
    const { periodicPrompts, run } = this.parts;
    return periodicPrompts.length > 0 && evaluationDue(run.config.evaluation, step);
  }

  private probePending(metrics: StepMetrics): boolean {
    const asks = this.parts.examples.some(({ rubrics }) => rubrics.length > 0);
    return asks && probesDue(this.parts.run.config.probes, metrics.step) && metrics['time/probe'] === null;
  }

  private evaluationPending(metrics: StepMetrics): boolean {
    return this.evaluationDue(metrics.step) && metrics['time/evaluation'] === null;
  }
}

/** The answers of a saved step, for a grader. */
const asReport = (step: number, records: readonly RolloutRecord[]): Checked => ({
  step,
  rollouts: records.map(({ promptId, prompt, criteria, completion, group }) => {
    const example = { promptId, prompt, rubrics: criteria, exampleTags: [], idealCompletion: null };
    return givenAnswer(example, completion, group);
  }),
  rewards: records.map(({ reward }) => reward),
});
