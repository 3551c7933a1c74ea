import { problems } from '../domain/recipe/problems';
import { recipeSchema } from '../domain/recipe/recipe';
import type { RunSummary } from '../domain/run';
import { fileSource } from '../formats/source';
import type { Handlers } from '../protocol/port';
import type { Command, ModelSource, Notice } from '../protocol/protocol';
import type { RunStore } from '../storage/runStore';
import { ComparisonService } from './comparison/comparisonService';
import { Dataset } from './data/dataset';
import { deviceReport, Engine } from './engine';
import { EvaluationService, type LabParts } from './evaluation/evaluationService';
import { exportRun } from './exports/exports';
import { isAbort, LabError, toFailure } from './failures';
import { memoryNeeds, planInput, planRun } from './models/memoryNeeds';
import { type OpenModel, openModel, withBase } from './models/openModel';
import { SavedModels } from './models/savedModels';
import type { Platform } from './platform';
import { ProgressMeter } from './progress';
import { completeRecipe } from './run/completeRecipe';
import { PendingRun } from './run/pendingRun';
import type { RunContext } from './run/runContext';
import { knownRun, openModelOf } from './run/savedRun';
import { runUnderWay, SavedRuns } from './run/savedRuns';
import type { Session } from './run/session';
import { continueRun, startRun } from './run/startRun';
import { TeacherConnection } from './teacher/teacherConnection';

/** The lab behind the page: answers every command by notices, one heavy task at a time, and turns errors into failures. */
export class Lab {
  private readonly engine: Engine;
  private readonly meter: ProgressMeter;
  private store: Promise<RunStore> | undefined;
  private model: OpenModel | undefined;
  private session: Session | undefined;
  /** Runs that were asked for and do not live yet. */
  private readonly pendingRuns = new Set<PendingRun>();
  private queue: Promise<unknown> = Promise.resolve();
  private readonly savedModels = new SavedModels({
    platform: () => this.platform,
    notify: (notice) => this.notify(notice),
    atOnce: (task) => this.atOnce(task),
    inUse: () => [this.model?.report.id, this.session?.summary.modelId],
  });
  private readonly teacherConnection: TeacherConnection;
  private readonly dataset: Dataset;
  private readonly shelf = new SavedRuns({
    platform: () => this.platform,
    notify: (notice) => this.notify(notice),
    store: () => this.runs(),
    session: () => this.session,
    atOnce: (task, runId) => this.atOnce(task, runId),
  });

  constructor(
    private readonly platform: Platform,
    private readonly notify: (notice: Notice) => void,
  ) {
    this.engine = new Engine(() => platform.openGpu(), platform.tuningCache);
    this.meter = new ProgressMeter(notify, platform.now);
    this.teacherConnection = new TeacherConnection(platform, notify);
    this.dataset = new Dataset(platform, notify);
    this.inTurn(() => this.announceDevice());
  }

  /** For what is asked of models beside runs. */
  private readonly parts: LabParts = {
    lab: () => {
      const { engine, platform, notify, model } = this;
      const { data } = this.dataset;
      const own = { store: () => this.runs(), modelOf: (run: RunSummary) => this.modelOf(run) };
      return { engine, platform, notify, model, data, given: this.teacherConnection.given, ...own };
    },
    inTurn: (task) =>
      this.inTurn(async () => {
        this.refuseWhileRunning();
        await task();
      }),
    atOnce: (task) => this.atOnce(task),
  };
  private readonly desk = new EvaluationService(this.parts);
  private readonly sides = new ComparisonService(this.parts);

  readonly handlers: Handlers<Command> = {
    openModel: ({ source }) => this.inTurn(() => this.openModel(source)),
    openData: (command) =>
      this.inTurn(async () => {
        this.refuseWhileRunning();
        await this.dataset.open(command);
      }),
    openTeacher: (command) => this.inTurn(() => this.teacherConnection.open(command)),
    plan: ({ config }) => this.inTurn(() => this.plan(config)),
    start: ({ config }) => this.begin((context) => this.start(context, config)),
    continueRun: ({ runId, checkpointStep }) =>
      this.begin((context) => this.continue(context, runId, checkpointStep), runId),
    export: ({ runId, kind, checkpointStep }) => this.inTurn(() => this.export(runId, kind, checkpointStep), runId),
    // A live run answers at once, whatever is in the queue.
    pause: () => this.asked('pause'),
    resume: () => this.asked('resume'),
    stepOnce: () => this.session?.stepOnce(),
    stop: () => this.asked('stop'),
    saveCheckpoint: () => this.session?.save(),
    ...this.shelf.handlers,
    ...this.desk.handlers,
    ...this.sides.handlers,
    ...this.savedModels.handlers,
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
    this.store.catch(() => (this.store = undefined)); // the next command tries again
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
    const files = builtIn
      ? await this.platform.builtInModel()
      : withBase(
          source.files.map((file, i) => fileSource(file, source.paths?.[i])),
          this.model,
        );
    this.model = await openModel(files, { builtIn });
    this.notify({ type: 'modelOpened', model: this.model.report });
  }

  private async plan(wanted: unknown): Promise<void> {
    const recipe = recipeSchema.parse(wanted);
    const examples = this.dataset.plan(recipe);
    if (!this.model || problems(recipe).length > 0) return;
    const { facts } = await this.engine.gpu();
    const needs = memoryNeeds(completeRecipe(recipe, this.model), this.model, examples);
    this.notify({ type: 'planned', plan: planRun(planInput(needs, this.model, facts), this.model) });
  }

  /** Of the live run, or of those that are still being opened. */
  private asked(what: 'pause' | 'resume' | 'stop'): void {
    if (this.session) this.session[what]();
    else for (const pending of this.pendingRuns) pending[what]();
  }

  private begin(open: (context: RunContext) => Promise<Session>, runId: string | null = null): void {
    const pending = new PendingRun();
    this.pendingRuns.add(pending);
    const { platform, engine, notify } = this;
    const attempt = async () => {
      this.refuseWhileRunning();
      this.live(
        await open({
          platform,
          engine,
          store: await this.runs(),
          notify,
          givenTeacher: this.teacherConnection.given,
          signal: pending.signal,
        }),
        pending,
      );
    };
    const givenUp = async (error: unknown) => {
      if (!pending.signal.aborted || !isAbort(error)) throw error;
      notify({ type: 'notStarted' });
      await this.shelf.list();
    };
    this.inTurn(() => attempt().catch(givenUp), runId);
    this.inTurn(async () => void this.pendingRuns.delete(pending));
  }

  private async start(context: RunContext, config: unknown): Promise<Session> {
    if (!this.model) throw new LabError('needsFiles', 'No model is open.', 'Choose a model first.');
    const { data } = this.dataset;
    if (!data) throw new LabError('needsFiles', 'No data is open.', 'Drop a HealthBench file, or take the sample.');
    const { model } = this;
    const session = await startRun(context, model, data, config);
    const { builtIn, files, report } = model;
    // Beside the run, which need not wait for the copy.
    if (!builtIn) void this.atOnce(() => this.platform.saveModel(report.id, report.name, files));
    return session;
  }

  private async continue(context: RunContext, runId: string, checkpointStep: number): Promise<Session> {
    const run = await knownRun(context.store, runId);
    return continueRun(context, await this.modelOf(run), run, checkpointStep);
  }

  /** Lets a run go on beside the queue, so that commands keep being answered. */
  private live(session: Session, pending: PendingRun): void {
    this.session = session;
    pending.handOver(session);
    this.ended = session.drive().then(({ status }) => {
      this.session = undefined;
      // A lost device is opened anew at once, so that the run can be continued.
      if (status === 'interrupted') this.inTurn(() => this.announceDevice());
    });
  }
  private ended: Promise<void> = Promise.resolve();
  /** Resolves when the live run has ended. */
  runEnded(): Promise<void> {
    return this.ended;
  }

  private async export(
    runId: string,
    kind: Extract<Command, { type: 'export' }>['kind'],
    checkpointStep: number | undefined,
  ): Promise<void> {
    const store = await this.runs();
    await this.session?.settled();
    const run = await knownRun(store, runId);
    const needsModel = kind === 'merged' || kind === 'adapter' || kind === 'everything';
    const model = needsModel ? await this.modelOf(run) : undefined;
    const onProgress = (done: number, total: number) => this.meter.report('export', done, total);
    const { collect } = this.platform;
    const exported = await exportRun(store, run, kind, { model, checkpointStep, onProgress, collect });
    this.notify({ type: 'exported', ...exported });
  }

  /** The run's model: the open one, a kept copy, or the built-in one. */
  private async modelOf(run: RunSummary): Promise<OpenModel> {
    if (this.model?.report.id === run.modelId) return this.model;
    const found = await openModelOf(run, this.platform);
    if (this.session) return found;
    this.model = found;
    this.notify({ type: 'modelOpened', model: found.report });
    return found;
  }

  private refuseWhileRunning(): void {
    if (this.session) throw runUnderWay();
  }
}
