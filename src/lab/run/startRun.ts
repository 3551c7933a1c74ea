import { nothingPasses } from '../../data/filterWords';
import { notTrainedOn } from '../../data/split';
import { withAddress, withoutAddress } from '../../domain/recipe/teacherAddress';
import type { RunSummary } from '../../domain/run';
import type { Teacher } from '../../grading/teacher';
import type { Notice } from '../../protocol/protocol';
import { periodicPrompts } from '../../rl/periodicEvaluation';
import type { RunStore } from '../../storage/runStore';
import { DiskFull } from '../../storage/storageError';
import { type OpenData, reportData } from '../data/openData';
import type { Engine } from '../engine';
import { LabError, toFailure } from '../failures';
import type { OpenModel } from '../models/openModel';
import type { Platform } from '../platform';
import { ProgressMeter } from '../progress';
import { checkTeacher, type GivenTeacher, teacherOf } from '../teacher/openTeacher';
import { restoreCheckpoint } from './checkpointState';
import { writerOf } from './graders';
import { checkGradingRoom, completeConfig, fittingExamples } from './prepareRun';
import { keepRunData, loadRunData } from './runData';
import { Session } from './session';
import { keepJudged, loadJudged, warmStartExamples, warmStartVerdicts } from './warmStartData';
import { loadWarmSteps } from './warmStartSteps';
import { withWrittenRubrics } from './writtenRubrics';

/** What starting and continuing a run have in common. */
export interface RunContext {
  readonly platform: Platform;
  readonly engine: Engine;
  readonly store: RunStore;
  readonly notify: (notice: Notice) => void;
  /** The teacher that the person gave; null when there is none. */
  readonly given: GivenTeacher | null;
  /** Gives the run up while it is being opened; the promise then rejects with an AbortError, and nothing is kept. */
  readonly signal?: AbortSignal;
}

/** A session that is ready to be driven, and what to call when it has ended. */
export interface Started {
  readonly session: Session;
  readonly unlock: () => void;
}

/** Creates a run of the open model and data. Throws what is wrong with the recipe, before anything is kept. */
export async function startRun(
  { platform, engine, store, notify, given, signal }: RunContext,
  opened: OpenModel,
  data: OpenData,
  wanted: unknown,
  named?: { readonly runId: string; readonly name: string },
): Promise<Started> {
  const config = withAddress(completeConfig(wanted, opened), given?.config);
  checkTeacher(config, given);
  const { split, report } = reportData(data, config);
  if (split.train.length === 0) {
    const nothing = nothingPasses(report);
    if (nothing) throw new LabError('badConfig', `${nothing}.`, 'Change the filter at the data, or take it off.');
    throw new LabError(
      'badConfig',
      'No prompt of the data has a rubric.',
      'Have rubrics written by a model, or use data with rubrics.',
    );
  }
  const meter = new ProgressMeter(notify, platform.now);
  const { kept, tooLong } = await fittingExamples(
    split.train,
    config,
    opened,
    (done, total) => meter.report('opening', done, total, null, 'Measuring the prompts'),
    signal,
  );
  if (tooLong.length > 0) notify({ type: 'dataOpened', data: reportData(data, config, tooLong).report });
  const measured = kept.map(({ example }) => example);
  const heldOut = split.heldOut.map(({ example }) => example);
  const watched = periodicPrompts(heldOut, config, opened.text);
  if (config.evaluation.every > 0 && watched.length === 0) {
    throw new LabError(
      'badConfig',
      'There is no held-out prompt to evaluate on during the run.',
      'Hold a share of the data out, or turn the evaluation off.',
    );
  }
  checkGradingRoom(config, opened, [...measured, ...watched]);
  const judged = warmStartVerdicts(config, data, measured, notTrainedOn(split));
  const { runId, name } = named ?? {
    runId: newRunId(platform.date()),
    name: `run-${(await store.listRuns()).length + 1}`,
  };
  const run: RunSummary = {
    runId,
    name,
    startedAt: platform.date().toISOString(),
    status: 'running',
    modelName: opened.report.name,
    modelId: opened.report.id,
    dataName: data.name,
    step: 0,
    steps: config.steps,
    lastReward: null,
    config,
    checkpoints: [],
  };
  const unlock = await platform.lock(runId);
  let teacher: Teacher | null = null;
  try {
    if (config.grader.teacher) meter.report('opening', 0, 1, null, 'Opening the teacher');
    teacher = await teacherOf(config, given, opened, platform);
    const loading = (done: number, total: number, what = 'Loading the model') =>
      meter.report('opening', done, total, null, what);
    const writing = (done: number, total: number) => meter.report('opening', done, total, null, 'Writing rubrics');
    const model = await engine.build(opened, config, [...measured, ...watched], loading, signal);
    signal?.throwIfAborted();
    const writer = writerOf(config, { model, text: opened.text, teacher });
    const written =
      writer && (await withWrittenRubrics(kept, config, writer, { ...(signal && { signal }), onProgress: writing }));
    if (written && written.unwritten.length > 0) {
      const { report } = reportData(data, config, [...tooLong, ...written.unwritten]);
      notify({ type: 'dataOpened', data: report });
    }
    const examples = written ? written.kept.map(({ example }) => example) : measured;
    await store.createRun({ ...run, config: withoutAddress(config) });
    const keeping = keepRunData(store, runId, examples, heldOut).then(() => keepJudged(store, runId, judged));
    await keeping.catch((error: unknown) => {
      if (!(error instanceof DiskFull)) throw error;
      notify({ type: 'failed', failure: toFailure(error, runId) });
    });
    const gpu = await engine.gpu();
    notify({ type: 'started', run });
    const shared = { run, gpu, model, opened, examples, watched, store, notify, teacher, now: platform.now };
    const warm = { documents: warmStartExamples(config, opened, examples, judged), done: 0 };
    const parts = { ...shared, ...(config.warmStart.steps > 0 && { warm }) };
    return { session: new Session(parts), unlock: released(teacher, unlock) };
  } catch (error) {
    engine.releaseModel();
    released(teacher, unlock)();
    throw error;
  }
}

/**
 * Goes on with a kept run from a checkpoint; from step 0 there need not be one. `steps` lengthens the run. Throws LabError needsFiles when
 * `opened` is not its model.
 */
export async function continueRun(
  { platform, engine, store, notify, given, signal }: RunContext,
  opened: OpenModel,
  kept: RunSummary,
  checkpointStep: number,
  steps = kept.steps,
): Promise<Started> {
  const { runId } = kept;
  const unlock = await platform.lock(runId);
  let teacher: Teacher | null = null;
  try {
    const checkpoint = await store.loadCheckpoint(runId, checkpointStep);
    if (!checkpoint && checkpointStep > 0) {
      throw new LabError(
        'unexpected',
        `There is no whole checkpoint of step ${checkpointStep}.`,
        'Choose another checkpoint.',
      );
    }
    const config = withAddress(completeConfig({ ...kept.config, steps }, opened), given?.config);
    checkTeacher(config, given);
    teacher = await teacherOf(config, given, opened, platform);
    const { train: examples, heldOut } = await loadRunData(store, runId);
    const watched = periodicPrompts(heldOut, config, opened.text);
    const meter = new ProgressMeter(notify, platform.now);
    const loading = (done: number, total: number, what = 'Loading the model') =>
      meter.report('opening', done, total, null, what);
    const model = await engine.build(opened, config, [...examples, ...watched], loading, signal);
    const restored = checkpoint && (await restoreCheckpoint(model, checkpoint, kept.modelId));
    signal?.throwIfAborted();
    await store.rewind(runId, checkpointStep);
    const metrics = await store.loadMetrics(runId);
    const lastReward = metrics.at(-1)?.reward ?? null;
    const now = { status: 'running', step: checkpointStep, steps, lastReward } as const;
    const run = { ...(await store.updateRun(runId, { ...now, config: withoutAddress(config) })), config };
    const done = restored?.warmSteps ?? 0;
    const warmStart = (await loadWarmSteps(store, runId)).filter(({ step }) => checkpointStep > 0 || step <= done);
    notify({ type: 'runOpened', run, metrics, warmStart });
    notify({ type: 'started', run });
    const gpu = await engine.gpu();
    const shared = { run, gpu, model, opened, examples, watched, store, notify, teacher, now: platform.now };
    const judged = await loadJudged(store, runId);
    const warm = { documents: warmStartExamples(config, opened, examples, judged), done };
    const parts = { ...shared, ...(config.warmStart.steps > 0 && { warm }) };
    return { session: new Session(parts), unlock: released(teacher, unlock) };
  } catch (error) {
    engine.releaseModel();
    released(teacher, unlock)();
    throw error;
  }
}

const released = (teacher: Teacher | null, unlock: () => void) => () => {
  teacher?.release();
  unlock();
};

/** Sorts by time, and two of the same second still differ. */
function newRunId(date: Date): string {
  const stamp = date.toISOString().slice(0, 19).replace('T', '-').replaceAll(':', '');
  return `run-${stamp}-${crypto.randomUUID().slice(0, 4)}`;
}
