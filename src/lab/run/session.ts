import { type Failure, isAbort } from '../../domain/failure';
import type { StepMetrics } from '../../domain/metrics/metrics';
import { newestCheckpoint, type RunSummary } from '../../domain/run';
import { stepMetrics } from '../../rl/metrics';
import { rolloutRecords } from '../../rl/records';
import type { StepReport } from '../../rl/stepReport';
import type { WarmStartReport } from '../../rl/warmStart';
import { DiskFull } from '../../storage/storageError';
import { toFailure } from '../failures';
import { ProgressMeter } from '../progress';
import { teacherMetrics } from './graders';
import type { OpenRun } from './openRun';
import { runLoop } from './runLoop';
import { RunRecord } from './runRecord';
import { StepChecks } from './stepChecks';
import { warmStartMetrics } from './warmStartSteps';

/** A live run: drives the loop, records each step, and obeys pause, resume, step and stop. */
export class Session {
  private command: 'run' | 'pause' | 'step' | 'stop' = 'run';
  private saveWanted = false;
  private paused = false;
  /** The last step has checks that a stop gave up. */
  private checksPending = false;
  private wake: () => void = () => {};
  private readonly abort = new AbortController();
  private readonly meter: ProgressMeter;
  private readonly checks: StepChecks;
  private readonly record: RunRecord;
  /** Rejects when the device is lost. */
  private readonly lost: Promise<never>;

  constructor(private readonly parts: OpenRun) {
    this.meter = new ProgressMeter((work) => parts.notify({ type: 'progress', ...work }), parts.now);
    this.checks = new StepChecks(parts, { meter: this.meter, signal: this.abort.signal });
    this.record = new RunRecord(parts);
    this.lost = parts.gpu.lost.then((error) => Promise.reject(error));
    this.lost.catch(() => {}); // also when nobody waits for it
  }

  get summary(): RunSummary {
    return this.record.summary;
  }

  pause(): void {
    if (this.command !== 'stop') this.command = 'pause';
  }
  resume(): void {
    // A pause that has not come about yet is taken back.
    if (this.command === 'pause' && !this.paused) this.parts.notify({ type: 'resumed', runId: this.summary.runId });
    this.obey('run');
  }
  stepOnce(): void {
    this.obey('step');
  }
  /** Discards answers that are not in an update yet. */
  stop(): void {
    this.obey('stop');
    this.abort.abort();
  }
  /** Saves at the next step boundary; at once while paused. */
  save(): void {
    this.saveWanted = true;
    this.wake();
  }
  /** A checkpoint was deleted: the next save writes it again if it is still due. */
  forgetCheckpoint(step: number): void {
    this.record.forgetCheckpoint(step);
  }
  /** Resolves when every step reported so far can be read from the store. */
  settled(): Promise<void> {
    return this.record.settled();
  }

  private obey(command: 'run' | 'step' | 'stop'): void {
    if (this.command === 'stop') return;
    this.command = command;
    this.wake();
  }

  /** Runs to the end, to a stop, or to a failure, which it reports; then closes the run. Never throws. */
  async drive(): Promise<RunSummary> {
    const loop = runLoop(this.parts, { signal: this.abort.signal, meter: this.meter });
    try {
      await this.unlessLost(this.makePendingChecks());
      while (!this.done && this.command !== 'stop') {
        if (this.command === 'pause') {
          await this.waitWhilePaused();
          continue;
        }
        const next = await this.unlessLost(loop.next());
        if (next.done) break;
        if ('warmStep' in next.value) this.warmStepped(next.value);
        else await this.unlessLost(this.stepped(next.value));
        if (this.command === 'step') this.command = 'pause';
        if (this.saveDue()) await this.saveNow();
        this.unlessDiskFull();
      }
      await this.end(this.done && !this.checksPending ? 'finished' : 'stopped');
    } catch (error) {
      if (this.abort.signal.aborted && isAbort(error)) await this.end('stopped').catch((worse) => this.fail(worse));
      else await this.fail(error);
    } finally {
      this.parts.close();
    }
    return this.summary;
  }

  private get done(): boolean {
    return this.summary.step >= this.summary.steps;
  }

  private unlessLost<T>(work: Promise<T>): Promise<T> {
    return Promise.race([work, this.lost]);
  }

  private warmStepped(report: WarmStartReport): void {
    const { runId, config } = this.summary;
    const warm = warmStartMetrics(report, config);
    if (warm.step === warm.steps) this.saveWanted = true;
    this.parts.notify({ type: 'warmStep', runId, warm });
    this.meter.report('warmStart', warm.step, warm.steps, null, `Warm start, loss ${warm.loss.toFixed(3)}`);
    this.record.warmStep(warm);
  }

  /**
   * Tells and records a step at once, as the checks that are due may take longer than it did; then again with their
   * numbers.
   */
  private async stepped(report: StepReport): Promise<void> {
    const { config, steps } = this.summary;
    const metrics = {
      ...stepMetrics(report, config),
      ...teacherMetrics(report.grades, config, this.parts.teacher),
    };
    const rollouts = rolloutRecords(report, config.groupSize, config.grader);
    this.meter.stepTook(report.seconds);
    const left = steps - report.step;
    this.record.step(metrics, rollouts);
    this.report('step', metrics, this.meter.runLeft(metrics.step_time ?? 0, left));
    if (!this.checksPending) return;
    const checked = { ...metrics, ...(await this.checks.after(report)) };
    const seconds = (checked['time/probe'] ?? 0) + (checked['time/evaluation'] ?? 0);
    this.record.stepChecked(checked);
    this.report('stepChecked', checked, this.meter.checkedRunLeft(seconds, left));
  }

  /** Before a run continues: the checks of its last step that a stop cancelled. */
  private async makePendingChecks(): Promise<void> {
    const made = await this.checks.makePending(this.summary);
    if (!made) return;
    this.record.stepChecked(made);
    this.report('stepChecked', made, null);
  }

  private report(type: 'step' | 'stepChecked', metrics: StepMetrics, secondsLeft: number | null): void {
    this.checksPending = this.checks.pending(metrics);
    this.parts.notify({ type, runId: this.summary.runId, metrics, secondsLeft });
  }

  private saveDue(): boolean {
    const { step, config } = this.summary;
    const every = config.checkpointEvery;
    return this.saveWanted || (every > 0 && step > 0 && step % every === 0);
  }

  private async saveNow(): Promise<void> {
    const { step } = this.summary;
    this.saveWanted = false;
    if (this.record.saved) return;
    this.meter.report('save', 0, 1, step);
    await this.record.saveCheckpoint();
    this.meter.report('save', 1, 1, step);
  }

  /** With a checkpoint, until another command comes. */
  private async waitWhilePaused(): Promise<void> {
    const { notify } = this.parts;
    const { runId, step } = this.summary;
    this.paused = true;
    await this.saveNow();
    await this.record.mark('paused');
    notify({ type: 'paused', runId, step });
    while (this.command === 'pause') {
      const woken = new Promise<void>((resolve) => {
        this.wake = resolve;
      });
      if (this.saveWanted) await this.saveNow();
      else await this.unlessLost(woken);
    }
    this.paused = false;
    if (this.command === 'stop') return;
    await this.record.mark('running');
    notify({ type: 'resumed', runId });
  }

  private unlessDiskFull(): void {
    if (this.record.diskFull) throw this.record.diskFull;
  }

  private async end(status: 'finished' | 'stopped'): Promise<void> {
    await this.saveNow();
    await this.record.settled();
    this.unlessDiskFull();
    await this.record.mark(status);
    this.parts.notify({ type: 'ended', run: this.summary });
  }

  private async fail(error: unknown): Promise<void> {
    this.abort.abort(); // a step that is still under way must not go on with a model that will be released
    const failure = error instanceof DiskFull ? this.stoppedByFullDisk(error) : toFailure(error, this.summary.runId);
    const status = { deviceLost: 'interrupted', diskFull: 'diskFull' } as const;
    await this.record.mark(status[failure.kind as keyof typeof status] ?? 'failed');
    this.parts.notify({ type: 'failed', failure });
  }

  private stoppedByFullDisk(error: DiskFull): Failure {
    const { runId, step } = this.summary;
    const saved = newestCheckpoint(this.summary);
    const from = saved
      ? `continue from step ${saved.step}, the last saved checkpoint`
      : 'start the run anew: no checkpoint was saved';
    const message = `Stopped at step ${step}: disk full. ${error.message}.`;
    return { ...toFailure(error, runId), message, advice: `Make room, then ${from}.` };
  }
}
