import type { Example } from '../../domain/example';
import type { EvaluationMetrics } from '../../domain/metrics/evaluationMetrics';
import type { StepMetrics } from '../../domain/metrics/metrics';
import type { ProbeMetrics } from '../../domain/metrics/probeMetrics';
import type { Recipe } from '../../domain/recipe/recipe';
import type { RolloutRecord } from '../../domain/rolloutRecord';
import type { RunSummary } from '../../domain/run';
import { givenAnswer } from '../../rl/evaluate';
import { evaluationDue } from '../../rl/periodicEvaluation';
import { Probes, probesDue } from '../../rl/probes';
import type { StepReport } from '../../rl/train';
import type { RunStore } from '../../storage/runStore';
import type { ProgressMeter } from '../progress';
import { checkGrader } from './checkGrader';
import { type PeriodicEvaluation, watch } from './periodicEvaluation';

interface Parts extends PeriodicEvaluation {
  /** Training examples: what the grader is asked about. */
  readonly examples: readonly Example[];
  readonly store: Pick<RunStore, 'loadMetrics' | 'loadRollouts'>;
}

interface Hooks {
  readonly meter: ProgressMeter;
  readonly signal: AbortSignal;
}

type Checked = Pick<StepReport, 'step' | 'rollouts' | 'rewards'>;

/**
 * What is looked at after a step where it is due: the policy as a grader, and its answers to held-out prompts. A stop gives them up, not the step. They
 * depend on weights, data and seed alone, so a run that goes on from that step makes up for them first, and equals one that was never stopped.
 */
export class StepChecks {
  private readonly probes: Probes;

  constructor(
    private readonly parts: Parts,
    private readonly config: Recipe,
    private readonly hooks: Hooks,
  ) {
    this.probes = new Probes(parts.model, parts.opened.text, config, parts.examples);
  }

  /** Numbers of the checks that are due; the others are null. */
  async after(report: Checked): Promise<ProbeMetrics & EvaluationMetrics> {
    const probes = await this.probe(report);
    return { ...probes, ...(await this.evaluate(report.step)) };
  }

  /** Whether a check that was due after a step is missing in its numbers. */
  owed(metrics: StepMetrics): boolean {
    return this.owesProbe(metrics) || this.owesEvaluation(metrics);
  }

  /** The last step of a kept run, with the checks that a stop gave up; null when there is nothing to make up for. */
  async makeUp({
    runId,
    step,
  }: Pick<RunSummary, 'runId' | 'step'>): Promise<{ metrics: StepMetrics; rollouts: RolloutRecord[] } | null> {
    if (step === 0) return null;
    const { store } = this.parts;
    const kept = (await store.loadMetrics(runId)).find((line) => line.step === step);
    if (!kept || !this.owed(kept)) return null;
    const rollouts = await store.loadRollouts(runId, step);
    const probes = this.owesProbe(kept) ? await this.probe(asReport(step, rollouts)) : {};
    const evaluation = this.owesEvaluation(kept) ? await this.evaluate(step) : {};
    return { metrics: { ...kept, ...probes, ...evaluation }, rollouts };
  }

  private probe(report: Checked): Promise<ProbeMetrics> {
    return checkGrader(this.probes, this.config, report, { ...this.hooks, now: this.parts.now });
  }

  private evaluate(step: number): Promise<EvaluationMetrics> {
    return watch(this.parts, this.config, step, this.hooks);
  }

  private owesProbe(metrics: StepMetrics): boolean {
    const asks = this.parts.examples.some(({ rubrics }) => rubrics.length > 0);
    return asks && probesDue(this.config.probes, metrics.step) && metrics['time/probe'] === null;
  }

  private owesEvaluation(metrics: StepMetrics): boolean {
    const due = this.parts.watched.length > 0 && evaluationDue(this.config.evaluation, metrics.step);
    return due && metrics['time/evaluation'] === null;
  }
}

/** A kept step's answers, as a grader is asked about them. */
const asReport = (step: number, records: readonly RolloutRecord[]): Checked => ({
  step,
  rollouts: records.map(({ promptId, prompt, criteria, completion, group }) => {
    const example = { promptId, prompt, rubrics: criteria, exampleTags: [], idealCompletion: null };
    return givenAnswer(example, completion, group);
  }),
  rewards: records.map(({ reward }) => reward),
});
