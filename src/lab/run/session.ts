import type { StepMetrics } from '../../domain/metrics/metrics';
import type { RolloutRecord } from '../../domain/rolloutRecord';
import type { RunSummary } from '../../domain/run';
import { stepMetrics } from '../../rl/metrics';
import { rolloutRecords } from '../../rl/records';
import type { StepReport } from '../../rl/train';
import type { WarmStartReport } from '../../rl/warmStart';
import { isAbort, toFailure } from '../failures';
import { ProgressMeter } from '../progress';
import { makeCheckpoint } from './checkpointState';
import { teacherMetrics } from './graders';
import { runLoop } from './runLoop';
import type { SessionParts } from './sessionParts';
import { StepChecks } from './stepChecks';
import { keepWarmStep, warmStartMetrics } from './warmStartSteps';

type Wish = 'run' | 'pause' | 'once' | 'stop';

/** One run while it lives: drives the loop, keeps what it yields, and listens to pause, resume, step and stop. */
export class Session {
  private run: RunSummary;
  private wish: Wish = 'run';
  private saveWanted = false;
  private savedStep: number | null;
  private resting = false;
  private warmSteps: number;
  private wake: () => void = () => {};
  private readonly abort = new AbortController();
  private readonly meter: ProgressMeter;
  private readonly checks: StepChecks;
  /** A stop gave up a check of the last step. */
  private owing = false;
  /** Rejects when the device is lost. */
  private readonly lost: Promise<never>;
  /** Writes of steps follow each other without holding up the next step. */
  private writes: Promise<void> = Promise.resolve();

  constructor(private readonly parts: SessionParts) {
    this.run = parts.run;
    this.warmSteps = parts.warm?.done ?? 0;
    this.savedStep = parts.run.checkpoints.some(({ step }) => step === parts.run.step) ? parts.run.step : null;
    this.meter = new ProgressMeter(parts.notify, parts.now);
    this.checks = new StepChecks(parts, parts.run.config, { meter: this.meter, signal: this.abort.signal });
    this.lost = parts.gpu.lost.then((error) => Promise.reject(error));
    this.lost.catch(() => {}); // also when nobody waits for it
  }

  get summary(): RunSummary {
    return this.run;
  }

  pause(): void {
    if (this.wish !== 'stop') this.wish = 'pause';
  }
  resume(): void {
    // A pause that has not come about yet is taken back.
    if (this.wish === 'pause' && !this.resting) this.parts.notify({ type: 'resumed', runId: this.run.runId });
    this.go('run');
  }
  stepOnce(): void {
    this.go('once');
  }
  /** What is not yet in an update is given up. */
  stop(): void {
    this.go('stop');
    this.abort.abort();
  }
  /** Saves at the next step boundary; at once while paused. */
  save(): void {
    this.saveWanted = true;
    this.wake();
  }
  /** A checkpoint was deleted: the next save makes it anew if it is still due. */
  forgetCheckpoint(step: number): void {
    this.run = { ...this.run, checkpoints: this.run.checkpoints.filter((kept) => kept.step !== step) };
    if (this.savedStep === step) this.savedStep = null;
  }
  /** Resolves when every step reported so far can be read from the store. */
  settled(): Promise<void> {
    return this.writes;
  }

  private go(wish: Wish): void {
    if (this.wish === 'stop') return;
    this.wish = wish;
    this.wake();
  }

  /** Runs to the end, to a stop, or to a failure, which it reports. Never throws. */
  async drive(): Promise<RunSummary> {
    const loop = runLoop(this.parts, this.run, { signal: this.abort.signal, meter: this.meter });
    try {
      await Promise.race([this.makeUp(), this.lost]);
      while (this.run.step < this.run.steps && this.wish !== 'stop') {
        if (this.wish === 'pause') {
          await this.rest();
          continue;
        }
        const next = await Promise.race([loop.next(), this.lost]);
        if (next.done) break;
        if ('warmStep' in next.value) this.warmed(next.value);
        else await Promise.race([this.stepped(next.value), this.lost]);
        if (this.wish === 'once') this.wish = 'pause';
        if (this.saveDue()) await this.saveNow();
      }
      await this.end(this.run.step >= this.run.steps && !this.owing ? 'finished' : 'stopped');
    } catch (error) {
      if (this.abort.signal.aborted && isAbort(error)) await this.end('stopped').catch((worse) => this.fail(worse));
      else await this.fail(error);
    }
    return this.run;
  }

  private async fail(error: unknown): Promise<void> {
    this.abort.abort(); // a step that is still under way must not go on with a model that will be released
    const failure = toFailure(error, this.run.runId);
    await this.mark(failure.kind === 'deviceLost' ? 'interrupted' : 'failed');
    this.parts.notify({ type: 'failed', failure });
  }

  private warmed(report: WarmStartReport): void {
    const { runId, config } = this.run;
    const warm = warmStartMetrics(report, config);
    this.warmSteps = warm.step;
    this.savedStep = null; // a checkpoint of step 0 is behind now
    if (warm.step === warm.steps) this.saveWanted = true;
    this.parts.notify({ type: 'warmStep', runId, warm });
    this.meter.report('warmStart', warm.step, warm.steps, null, `Warm start, loss ${warm.loss.toFixed(3)}`);
    this.later(() => keepWarmStep(this.parts.store, runId, warm));
  }

  /** After a step: its record, at once, as the checks that are due may take longer than the step; then it with their numbers. */
  private async stepped(report: StepReport): Promise<void> {
    const { config, steps } = this.run;
    const metrics = {
      ...stepMetrics(report, config.groupSize),
      ...teacherMetrics(report.grades, config, this.parts.teacher),
    };
    const rollouts = rolloutRecords(report, config.groupSize, config.grader);
    this.run = { ...this.run, step: report.step, lastReward: metrics.reward };
    this.meter.stepTook(report.seconds);
    const left = steps - report.step;
    this.record('step', metrics, rollouts, this.meter.runLeft(metrics.step_time ?? 0, left));
    if (!this.owing) return;
    const checked = { ...metrics, ...(await this.checks.after(report)) };
    const seconds = (checked['time/probe'] ?? 0) + (checked['time/evaluation'] ?? 0);
    this.record('stepChecked', checked, rollouts, this.meter.checkedRunLeft(seconds, left));
  }

  /** Before a run goes on: the checks of its last step that a stop gave up. */
  private async makeUp(): Promise<void> {
    const made = await this.checks.makeUp(this.run);
    if (made) this.record('stepChecked', made.metrics, made.rollouts, null);
  }

  private record(
    type: 'step' | 'stepChecked',
    metrics: StepMetrics,
    rollouts: readonly RolloutRecord[],
    secondsLeft: number | null,
  ): void {
    this.owing = this.checks.owed(metrics);
    this.parts.notify({ type, runId: this.run.runId, metrics, secondsLeft });
    this.later(() => this.parts.store.appendStep(this.run.runId, metrics, rollouts));
  }

  /** Queues a write. One that fails is reported; training goes on. */
  private later(write: () => Promise<unknown>): void {
    this.writes = this.writes.then(write).then(
      () => {},
      (error: unknown) => this.parts.notify({ type: 'failed', failure: toFailure(error, this.run.runId) }),
    );
  }

  private saveDue(): boolean {
    const { step, config } = this.run;
    const every = config.checkpointEvery;
    return this.saveWanted || (every > 0 && step > 0 && step % every === 0);
  }

  private async saveNow(): Promise<void> {
    const { model, opened, store, notify } = this.parts;
    const { runId, step, lastReward } = this.run;
    this.saveWanted = false;
    if (this.savedStep === step) return;
    this.meter.report('save', 0, 1, step);
    const checkpoint = await makeCheckpoint(model, step, opened.report.id, this.warmSteps);
    this.later(async () => {
      const saved = await store.saveCheckpoint(runId, checkpoint, { reward: lastReward });
      this.savedStep = step;
      const others = this.run.checkpoints.filter((kept) => kept.step !== step);
      this.run = { ...this.run, checkpoints: [...others, saved].sort((a, b) => a.step - b.step) };
      notify({ type: 'checkpointSaved', runId, checkpoint: saved });
    });
    await this.writes;
    this.meter.report('save', 1, 1, step);
  }

  /** Paused, with a checkpoint, until something else is wished. */
  private async rest(): Promise<void> {
    const { notify } = this.parts;
    const { runId, step } = this.run;
    this.resting = true;
    await this.saveNow();
    await this.mark('paused');
    notify({ type: 'paused', runId, step });
    while (this.wish === 'pause') {
      const woken = new Promise<void>((resolve) => {
        this.wake = resolve;
      });
      if (this.saveWanted) await this.saveNow();
      else await Promise.race([woken, this.lost]);
    }
    this.resting = false;
    if (this.wish === 'stop') return;
    await this.mark('running');
    notify({ type: 'resumed', runId });
  }

  private async end(status: 'finished' | 'stopped'): Promise<void> {
    await this.saveNow();
    await this.mark(status);
    this.parts.notify({ type: 'ended', run: this.run });
  }

  private async mark(status: RunSummary['status']): Promise<void> {
    this.run = { ...this.run, status };
    const { runId, step, lastReward } = this.run;
    this.later(() => this.parts.store.updateRun(runId, { status, step, lastReward }));
    await this.writes;
  }
}
