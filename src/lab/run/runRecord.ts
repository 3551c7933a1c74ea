import type { StepMetrics } from '../../domain/metrics/metrics';
import type { WarmStartMetrics } from '../../domain/metrics/warmStartMetrics';
import type { RolloutRecord } from '../../domain/rolloutRecord';
import type { RunSummary } from '../../domain/run';
import { DiskFull } from '../../storage/storageError';
import { toFailure } from '../failures';
import { makeCheckpoint } from './checkpointState';
import type { OpenRun } from './openRun';
import { prunedCheckpoints } from './prunedCheckpoints';
import { keepWarmStep } from './warmStartSteps';

/**
 * The record of a live run: its summary, and in the store its steps and checkpoints. Writes follow each other without
 * delaying the next step; one that fails is reported, and a full disk ends the run.
 */
export class RunRecord {
  private run: RunSummary;
  private writes: Promise<void> = Promise.resolve();
  private warmStepsDone: number;
  /** The step whose checkpoint is that of now. */
  private savedStep: number | null;
  private fullDisk: DiskFull | undefined;

  constructor(private readonly parts: Pick<OpenRun, 'run' | 'model' | 'opened' | 'warmStart' | 'store' | 'notify'>) {
    const { run, warmStart } = parts;
    this.run = run;
    this.warmStepsDone = warmStart?.done ?? 0;
    this.savedStep = run.checkpoints.some(({ step }) => step === run.step) ? run.step : null;
  }

  get summary(): RunSummary {
    return this.run;
  }
  /** Set once a write found no room: the run has to end, as its later steps would be lost. */
  get diskFull(): DiskFull | undefined {
    return this.fullDisk;
  }
  get saved(): boolean {
    return this.savedStep === this.run.step;
  }
  /** Resolves when everything reported so far can be read from the store. */
  settled(): Promise<void> {
    return this.writes;
  }

  warmStep(metrics: WarmStartMetrics): void {
    this.warmStepsDone = metrics.step;
    this.savedStep = null; // a checkpoint of step 0 is behind now
    this.later(() => keepWarmStep(this.parts.store, this.run.runId, metrics));
  }

  step(metrics: StepMetrics, rollouts: readonly RolloutRecord[]): void {
    this.run = { ...this.run, step: metrics.step, lastReward: metrics.reward };
    this.later(() => this.parts.store.appendStep(this.run.runId, metrics, rollouts));
  }

  /** The last step again, with the numbers of its checks. */
  stepChecked(metrics: StepMetrics): void {
    this.later(() => this.parts.store.updateStep(this.run.runId, metrics));
  }

  /** Resolves when it is written, or the failure was reported. */
  async saveCheckpoint(): Promise<void> {
    const { model, opened, store, notify } = this.parts;
    const { runId, step, lastReward } = this.run;
    const checkpoint = await makeCheckpoint(model, step, opened.report.id, this.warmStepsDone);
    this.later(async () => {
      const saved = await store.saveCheckpoint(runId, checkpoint, { reward: lastReward });
      this.savedStep = step;
      const others = this.run.checkpoints.filter((saved) => saved.step !== step);
      this.run = { ...this.run, checkpoints: [...others, saved].sort((a, b) => a.step - b.step) };
      const deleted = await this.prune();
      notify({ type: 'checkpointSaved', runId, checkpoint: saved, deleted });
    });
    await this.writes;
  }

  /** Deletes the checkpoints that the recipe does not ask for any more, and returns their steps. */
  private async prune(): Promise<number[]> {
    const { store } = this.parts;
    const { runId, config, checkpoints } = this.run;
    const scores = new Map<number, number>();
    if (config.evaluation.every > 0) {
      for (const metrics of await store.loadMetrics(runId)) {
        const score = metrics['eval/frozen_score'];
        if (score !== null) scores.set(metrics.step, score);
      }
    }
    const pruned = prunedCheckpoints(checkpoints, config, scores);
    for (const step of pruned) await store.deleteCheckpoint(runId, step);
    this.run = { ...this.run, checkpoints: checkpoints.filter(({ step }) => !pruned.includes(step)) };
    return pruned;
  }

  /** A checkpoint was deleted: the next save writes it again if it is still due. */
  forgetCheckpoint(step: number): void {
    this.run = { ...this.run, checkpoints: this.run.checkpoints.filter((saved) => saved.step !== step) };
    if (this.savedStep === step) this.savedStep = null;
  }

  async mark(status: RunSummary['status']): Promise<void> {
    this.run = { ...this.run, status };
    const { runId, step, lastReward } = this.run;
    this.later(() => this.parts.store.updateRun(runId, { status, step, lastReward }));
    await this.writes;
  }

  private later(write: () => Promise<unknown>): void {
    this.writes = this.writes.then(write).then(
      () => {},
      (error: unknown) => {
        if (error instanceof DiskFull) this.fullDisk ??= error;
        else this.parts.notify({ type: 'failed', failure: toFailure(error, this.run.runId) });
      },
    );
  }
}
