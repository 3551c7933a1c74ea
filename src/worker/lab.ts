import { fileSource } from '../formats/source';
import type { Command, DataSource, Handlers, ModelSource, Notice, RunSummary } from '../protocol';
import type { RunStore } from '../storage/runStore';
import { deviceReport, Engine } from './engine';
import { exportRun } from './exports';
import { LabError, toFailure } from './failures';
import { type OpenData, openData, reportData } from './openData';
import { type OpenModel, openModel } from './openModel';
import type { Platform } from './platform';
import { completeConfig, planInput, planRun } from './prepareRun';
import { ProgressMeter } from './progress';
import type { Session } from './session';
import { continueRun, type Started, startRun } from './startRun';

/** Share and seed of the split that the data card shows before there is a recipe: the defaults of RunConfig. */
const DEFAULT_SPLIT = { seed: 1, heldOutShare: 0.1 };

const sources = (files: readonly File[]) => files.map((file) => fileSource(file, file.webkitRelativePath || file.name));

/** The lab behind the page: answers every command by notices, one heavy task at a time, and turns errors into failures. */
export class Lab {
  private readonly engine: Engine;
  private readonly meter: ProgressMeter;
  private store: Promise<RunStore> | undefined;
  private model: OpenModel | undefined;
  private data: OpenData | undefined;
  private session: Session | undefined;
  private queue: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly platform: Platform,
    private readonly notify: (notice: Notice) => void,
  ) {
    this.engine = new Engine(() => platform.openGpu());
    this.meter = new ProgressMeter(notify, platform.now);
    this.inTurn(() => this.announceDevice());
  }

  readonly handlers: Handlers<Command> = {
    openModel: ({ source }) => this.inTurn(() => this.openModel(source)),
    openData: ({ source }) => this.inTurn(() => this.openData(source)),
    plan: ({ config }) => this.inTurn(() => this.plan(config)),
    start: ({ config }) => this.inTurn(() => this.start(config)),
    continueRun: ({ runId, checkpointStep }) => this.inTurn(() => this.continue(runId, checkpointStep), runId),
    export: ({ runId, kind, checkpointStep }) => this.inTurn(() => this.export(runId, kind, checkpointStep), runId),
    // A live run answers at once, whatever is in the queue.
    pause: () => this.session?.pause(),
    resume: () => this.session?.resume(),
    stepOnce: () => this.session?.stepOnce(),
    stop: () => this.session?.stop(),
    saveCheckpoint: () => this.session?.save(),
    listRuns: () => this.atOnce(() => this.listRuns()),
    openRun: ({ runId }) => this.atOnce(() => this.openRun(runId), runId),
    loadRollouts: ({ runId, step }) => this.atOnce(() => this.loadRollouts(runId, step), runId),
    deleteRun: ({ runId }) => this.atOnce(() => this.delete(runId, (store) => store.deleteRun(runId)), runId),
    deleteCheckpoint: ({ runId, step }) =>
      this.atOnce(() => this.delete(null, (store) => store.deleteCheckpoint(runId, step)), runId),
  };

  /** Resolves when every queued task and the live run, if any, have ended. For the command line and tests. */
  async idle(): Promise<void> {
    for (let seen: unknown; seen !== this.queue; ) {
      seen = this.queue;
      await seen;
    }
  }

  private inTurn(task: () => Promise<void>, runId: string | null = null): void {
    this.queue = this.queue.then(() => this.atOnce(task, runId));
  }

  private async atOnce(task: () => Promise<void>, runId: string | null = null): Promise<void> {
    try {
      await task();
    } catch (error) {
      this.notify({ type: 'failed', failure: toFailure(error, runId) });
    }
  }

  private runs(): Promise<RunStore> {
    this.store ??= this.platform.openStore();
    return this.store;
  }

  private async announceDevice(): Promise<void> {
    const { facts } = await this.engine.gpu();
    this.notify({ type: 'device', device: deviceReport(facts, this.platform.backend) });
  }

  private async openModel(source: ModelSource): Promise<void> {
    this.refuseWhileRunning();
    const builtIn = source.kind === 'builtIn';
    this.meter.report('opening', 0, 1, null, 'Opening the model');
    const files = builtIn ? await this.platform.builtInModel() : sources(source.files);
    this.model = await openModel(files, { builtIn });
    this.notify({ type: 'modelOpened', model: this.model.report });
  }

  private async openData(source: DataSource): Promise<void> {
    this.refuseWhileRunning();
    const builtIn = source.kind === 'builtIn';
    const files = builtIn ? await this.platform.builtInData() : sources(source.files);
    const onProgress = (done: number, total: number) =>
      this.meter.report('opening', done, total, null, 'Reading the data');
    const data = await openData(files, { builtIn, onProgress });
    const { report } = reportData(data, DEFAULT_SPLIT);
    this.data = data;
    this.notify({ type: 'dataOpened', data: report });
  }

  private async plan(wanted: unknown): Promise<void> {
    if (!this.model) return;
    const { facts } = await this.engine.gpu();
    const config = completeConfig(wanted, this.model);
    const examples = this.data ? reportData(this.data, config).split.train.map(({ example }) => example) : [];
    this.notify({ type: 'planned', plan: planRun(planInput(config, this.model, examples, facts), this.model) });
  }

  private async start(config: unknown): Promise<void> {
    this.refuseWhileRunning();
    if (!this.model) throw new LabError('needsFiles', 'No model is open.', 'Choose a model first.');
    if (!this.data)
      throw new LabError('needsFiles', 'No data is open.', 'Drop a HealthBench file, or take the sample.');
    this.live(await startRun(await this.bench(), this.model, this.data, config));
    this.keepModel(this.model);
  }

  private async continue(runId: string, checkpointStep: number): Promise<void> {
    this.refuseWhileRunning();
    const store = await this.runs();
    const run = await this.known(store, runId);
    const opened = await this.modelOf(run);
    this.live(await continueRun(await this.bench(), opened, run, checkpointStep));
  }

  /** Lets a run go on beside the queue, so that commands keep being answered. */
  private live({ session, unlock }: Started): void {
    this.session = session;
    this.ended = session.drive().then(({ status }) => {
      this.session = undefined;
      this.engine.releaseModel();
      unlock();
      // A lost device is opened anew at once, so that the run can be continued.
      if (status === 'interrupted') this.inTurn(() => this.announceDevice());
    });
  }
  private ended: Promise<void> = Promise.resolve();

  /** Resolves when the live run has ended. */
  runEnded(): Promise<void> {
    return this.ended;
  }

  private async bench() {
    return { platform: this.platform, engine: this.engine, store: await this.runs(), notify: this.notify };
  }

  private async export(
    runId: string,
    kind: Extract<Command, { type: 'export' }>['kind'],
    checkpointStep: number | undefined,
  ): Promise<void> {
    const store = await this.runs();
    await this.session?.settled();
    const run = await this.known(store, runId);
    const needsModel = kind === 'merged' || kind === 'adapter' || kind === 'everything';
    const model = needsModel ? await this.modelOf(run) : undefined;
    const onProgress = (done: number, total: number) => this.meter.report('export', done, total);
    const { collect } = this.platform;
    const exported = await exportRun(store, run, kind, { model, checkpointStep, onProgress, collect });
    this.notify({ type: 'exported', ...exported });
  }

  private async listRuns(): Promise<void> {
    const runs = await (await this.runs()).listRuns();
    this.notify({ type: 'runs', runs: await Promise.all(runs.map((run) => this.asSeen(run))) });
  }

  private async openRun(runId: string): Promise<void> {
    const store = await this.runs();
    if (this.session?.summary.runId === runId) await this.session.settled();
    const run = await this.asSeen(await this.known(store, runId));
    this.notify({ type: 'runOpened', run, metrics: await store.loadMetrics(runId) });
  }

  private async loadRollouts(runId: string, step: number): Promise<void> {
    const store = await this.runs();
    if (this.session?.summary.runId === runId) await this.session.settled();
    this.notify({ type: 'rollouts', runId, step, rollouts: await store.loadRollouts(runId, step) });
  }

  /** `runId` names a run that must not be live, here or in another tab. */
  private async delete(runId: string | null, act: (store: RunStore) => Promise<void>): Promise<void> {
    if (runId !== null && this.session?.summary.runId === runId) this.refuseWhileRunning();
    const unlock = runId === null ? () => {} : await this.platform.lock(runId);
    try {
      await act(await this.runs());
    } finally {
      unlock();
    }
    await this.listRuns();
  }

  private async known(store: RunStore, runId: string): Promise<RunSummary> {
    const run = await store.loadRun(runId);
    if (!run)
      throw new LabError(
        'unexpected',
        `There is no run ${runId} any more.`,
        'It may have been deleted in another tab.',
      );
    return run;
  }

  /** A run that says it is running, though nobody runs it, was cut off. */
  private async asSeen(run: RunSummary): Promise<RunSummary> {
    if (this.session?.summary.runId === run.runId) return { ...run, status: this.session.summary.status };
    const alive = run.status === 'running' || run.status === 'paused';
    return alive && !(await this.platform.isLocked(run.runId)) ? { ...run, status: 'interrupted' } : run;
  }

  /** The run's model: the open one, a kept copy, or the built-in one. Throws needsFiles with its name otherwise. */
  private async modelOf(run: RunSummary): Promise<OpenModel> {
    if (this.model?.report.id === run.modelId) return this.model;
    const kept = await this.platform.keptModel(run.modelId);
    const found = await openModel(kept ?? (await this.platform.builtInModel()), { builtIn: !kept });
    if (found.report.id !== run.modelId) {
      throw new LabError(
        'needsFiles',
        `This run was made with ${run.modelName}.`,
        `Open ${run.modelName} on Set up, then try again.`,
      );
    }
    if (!this.session) {
      this.model = found;
      this.notify({ type: 'modelOpened', model: found.report });
    }
    return found;
  }

  /** Beside the run: it need not wait for the copy. */
  private keepModel({ builtIn, files, report }: OpenModel): void {
    if (builtIn) return;
    void this.atOnce(() => this.platform.keepModel(report.id, report.name, files));
  }

  private refuseWhileRunning(): void {
    if (this.session)
      throw new LabError('badConfig', 'A run is under way.', 'Stop it first; it is saved and can be continued later.');
  }
}
