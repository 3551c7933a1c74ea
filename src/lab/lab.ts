import { isAbort } from '../domain/failure';
import { problems } from '../domain/recipe/problems';
import { recipeSchema } from '../domain/recipe/recipe';
import type { ModelReport } from '../domain/reports';
import type { RunSummary } from '../domain/run';
import { fileSource } from '../formats/source';
import type { Notice } from '../protocol/notices';
import type { ExportedFile, ModelSource, Plan, Request } from '../protocol/requests';
import type { CallContext, RequestHandlers } from '../protocol/server';
import type { RunStore } from '../storage/runStore';
import { ComparisonService } from './comparison/comparisonService';
import { Dataset } from './data/dataset';
import { deviceReport, Engine } from './engine';
import { EvaluationService, type LabParts } from './evaluation/evaluationService';
import { exportRun } from './exports/exports';
import { LabError, toFailure } from './failures';
import { memoryNeeds, planInput, planRun } from './models/memoryNeeds';
import { type OpenModel, openModel, withBase } from './models/openModel';
import { isIdOf, withModel } from './models/runModel';
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

type Call = Pick<CallContext, 'signal'>;

/** The lab behind the page: a handler for every request, one heavy task at a time. The live run speaks by notices. */
export class Lab {
  private readonly engine: Engine;
  private store: Promise<RunStore> | undefined;
  private model: OpenModel | undefined;
  private session: Session | undefined;
  /** Runs that are requested and not live yet. */
  private readonly pendingRuns = new Set<PendingRun>();
  /** Settles with the last heavy task; never rejects. */
  private queue: Promise<unknown> = Promise.resolve();
  private ended: Promise<void> = Promise.resolve();
  private readonly teacherConnection: TeacherConnection;
  private readonly dataset: Dataset;

  constructor(
    private readonly platform: Platform,
    private readonly notify: (notice: Notice) => void,
  ) {
    this.engine = new Engine(() => platform.openGpu(), platform.tuningCache);
    this.teacherConnection = new TeacherConnection(platform);
    this.dataset = new Dataset(platform);
    this.announceDevice();
  }

  private readonly savedModels = new SavedModels({
    platform: () => this.platform,
    inUse: () => [this.model?.report.id, this.session?.summary.modelId],
  });
  private readonly savedRuns = new SavedRuns({
    platform: () => this.platform,
    store: () => this.runs(),
    session: () => this.session,
  });
  /** For requests about models outside a run. */
  private readonly parts: LabParts = {
    lab: () => {
      const { engine, platform, notify, model } = this;
      const { data } = this.dataset;
      const own = { store: () => this.runs(), modelOf: (run: RunSummary) => this.modelOf(run) };
      return { engine, platform, notify, model, data, given: this.teacherConnection.given, ...own };
    },
    inTurn: (call, task) => this.whileNoRun(call, task),
  };
  private readonly evaluations = new EvaluationService(this.parts);
  private readonly comparisons = new ComparisonService(this.parts);

  readonly handlers: RequestHandlers = {
    openModel: ({ source }, call) => this.whileNoRun(call, () => this.openModel(source, call)),
    openData: (request, call) => this.whileNoRun(call, () => this.dataset.open(request, call)),
    openTeacher: (request, call) => this.inTurn(call, () => this.teacherConnection.open(request)),
    plan: ({ config }, call) => this.inTurn(call, () => this.plan(config)),
    start: ({ config }, call) => this.begin(call, (context) => this.start(context, config)),
    continueRun: (request, call) => this.begin(call, (context) => this.continue(context, request)),
    exportRun: (request, call) => this.inTurn(call, () => this.export(request, call)),
    // A live run answers at once, whatever is in the queue.
    pause: () => this.control('pause'),
    resume: () => this.control('resume'),
    stepOnce: () => this.session?.stepOnce(),
    stop: () => this.control('stop'),
    saveCheckpoint: () => this.session?.save(),
    ...this.savedRuns.handlers,
    ...this.savedModels.handlers,
    ...this.evaluations.handlers,
    ...this.comparisons.handlers,
  };

  /** Resolves when every queued task has ended. */
  async idle(): Promise<void> {
    for (let seen: unknown; seen !== this.queue; ) {
      seen = this.queue;
      await seen;
    }
  }

  /** Resolves when the live run has ended. */
  runEnded(): Promise<void> {
    return this.ended;
  }

  /** Runs a heavy task after those before it. */
  private inTurn<T>({ signal }: Call, task: () => Promise<T>): Promise<T> {
    const turn = this.queue.then(() => {
      signal.throwIfAborted();
      return task();
    });
    this.queue = turn.catch(() => {});
    return turn;
  }

  private whileNoRun<T>(call: Call, task: () => Promise<T>): Promise<T> {
    return this.inTurn(call, () => {
      if (this.session) throw runUnderWay();
      return task();
    });
  }

  /** Reports the failure of what no call waits for. */
  private readonly failed = (error: unknown): void => this.notify({ type: 'failed', failure: toFailure(error) });

  private runs(): Promise<RunStore> {
    this.store ??= this.platform.openStore();
    this.store.catch(() => (this.store = undefined)); // the next request tries again
    return this.store;
  }

  private announceDevice(): void {
    const announce = async () => {
      const { facts } = await this.engine.gpu();
      this.notify({ type: 'device', device: deviceReport(facts, this.platform.backend) });
    };
    this.inTurn({ signal: new AbortController().signal }, announce).catch(this.failed);
  }

  private async openModel(source: ModelSource, { progress }: CallContext): Promise<ModelReport> {
    const builtIn = source.kind === 'builtIn';
    new ProgressMeter(progress, this.platform.now).report('opening', 0, 1, null, 'Opening the model');
    const files = builtIn
      ? await this.platform.builtInModel()
      : withBase(
          source.files.map((file, i) => fileSource(file, source.paths?.[i])),
          this.model,
        );
    const { openProbeThread } = this.platform;
    this.model = await openModel(files, builtIn ? { builtIn } : { builtIn, openProbeThread });
    return this.model.report;
  }

  private async plan(config: unknown): Promise<Plan> {
    const recipe = recipeSchema.parse(config);
    const { examples, report } = this.dataset.plan(recipe);
    if (!this.model || problems(recipe).length > 0) return { plan: null, data: report };
    const { facts } = await this.engine.gpu();
    const needs = memoryNeeds(completeRecipe(recipe, this.model), this.model, examples);
    return { plan: planRun(planInput(needs, this.model, facts), this.model), data: report };
  }

  /** Controls the live run, or the pending ones. */
  private control(action: 'pause' | 'resume' | 'stop'): void {
    if (this.session) this.session[action]();
    else for (const pending of this.pendingRuns) pending[action]();
  }

  private async begin(call: Call, open: (context: RunContext) => Promise<Session>): Promise<RunSummary | null> {
    const pending = new PendingRun(call);
    this.pendingRuns.add(pending);
    const { platform, engine, notify } = this;
    const { signal } = pending;
    try {
      return await this.whileNoRun(pending, async () => {
        const teacherAccess = this.teacherConnection.given;
        const session = await open({ platform, engine, store: await this.runs(), notify, teacherAccess, signal });
        this.drive(session, pending);
        return session.summary;
      });
    } catch (error) {
      if (pending.stopped && isAbort(error)) return null;
      throw error;
    } finally {
      this.pendingRuns.delete(pending);
    }
  }

  private async start(context: RunContext, config: unknown): Promise<Session> {
    const { model } = this;
    const { data } = this.dataset;
    if (!model) throw new LabError('needsFiles', 'No model is open.', 'Open a model first.');
    if (!data) throw new LabError('needsFiles', 'No data is open.', 'Open a HealthBench file or the built-in sample.');
    const session = await startRun(context, model, data, config);
    const { builtIn, files, report } = model;
    // Beside the run, which need not wait for the copy.
    if (!builtIn) this.platform.saveModel(report.id, report.name, files).catch(this.failed);
    return session;
  }

  private async continue(context: RunContext, { runId, checkpointStep }: Request<'continueRun'>): Promise<Session> {
    const run = await knownRun(context.store, runId);
    return continueRun(context, await this.modelOf(run), run, checkpointStep);
  }

  /** Drives a run beside the queue, so that requests are still answered. */
  private drive(session: Session, pending: PendingRun): void {
    this.session = session;
    pending.handOver(session);
    this.ended = session.drive().then(({ status }) => {
      this.session = undefined;
      // A lost device is opened again at once, so that the run can be continued.
      if (status === 'interrupted') this.announceDevice();
    });
  }

  private async export(
    { runId, kind, checkpointStep }: Request<'exportRun'>,
    { progress }: CallContext,
  ): Promise<ExportedFile> {
    const store = await this.runs();
    await this.session?.settled();
    const run = await knownRun(store, runId);
    const needsModel = kind === 'merged' || kind === 'adapter' || kind === 'everything';
    const model = needsModel ? await this.modelOf(run) : undefined;
    const meter = new ProgressMeter(progress, this.platform.now);
    const onProgress = (done: number, total: number) => meter.report('export', done, total);
    return exportRun(store, run, kind, { model, checkpointStep, onProgress, collect: this.platform.collect });
  }

  /** The run's model: the open one, a saved copy, or the built-in one. */
  private async modelOf(run: RunSummary): Promise<OpenModel> {
    const open = this.model && isIdOf(run.modelId, this.model) ? this.model : undefined;
    const found = open ?? (await openModelOf(run, this.platform, this.model));
    const { modelId } = await withModel(await this.runs(), run, found);
    if (modelId !== run.modelId) await this.platform.renameSavedModel(run.modelId, modelId);
    if (this.session || open) return found;
    this.model = found;
    this.notify({ type: 'modelOpened', model: found.report });
    return found;
  }
}
