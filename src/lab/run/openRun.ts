import type { Example } from '../../domain/example';
import type { RunSummary } from '../../domain/run';
import type { Progress } from '../../domain/workContext';
import type { Gpu } from '../../gpu/gpu';
import type { RubricWriter } from '../../grading/rubricWriter';
import type { Teacher } from '../../grading/teacher';
import type { LanguageModel } from '../../model/languageModel';
import type { Notice } from '../../protocol/notices';
import type { SftSource } from '../../rl/warmStart';
import type { RunStore } from '../../storage/runStore';
import type { OpenModel } from '../models/openModel';
import { ProgressMeter } from '../progress';
import { openTeacher } from '../teacher/teacherKinds';
import { loadedCheckpoint, restoreCheckpoint } from './checkpointState';
import { writerOf } from './graders';
import { sendInParts } from './metricsParts';
import type { PreparedRun } from './prepareRun';
import { continueRecord, createRecord } from './recordRun';
import type { RunContext } from './runContext';
import { warmStartExamples } from './warmStartData';
import { withWrittenRubrics } from './writtenRubrics';

/** A run that is locked, on the device and in the store: everything that its session needs. */
export interface OpenRun {
  readonly run: RunSummary;
  readonly opened: OpenModel;
  readonly gpu: Gpu;
  readonly model: LanguageModel;
  readonly teacher: Teacher | null;
  /** Training examples, in the order that the run's shuffles start from. */
  readonly examples: readonly Example[];
  /** Held-out prompts of the periodic evaluation; empty when it is off. */
  readonly periodicPrompts: readonly Example[];
  /** Examples of the warm start, and how many of its steps are done. Absent without one. */
  readonly warmStart?: { readonly examples: SftSource; readonly done: number };
  readonly store: RunStore;
  readonly notify: (notice: Notice) => void;
  /** Milliseconds of a steady clock. */
  readonly now: () => number;
  /** Frees the model and the teacher, and gives the lock back. */
  readonly close: () => void;
}

/**
 * Locks a prepared run, loads what it needs, and records it. Throws RunLocked, LabError when its checkpoint is missing
 * or the model cannot fit, and an AbortError on abort; the lock is then free again.
 */
export async function openRun(context: RunContext, prepared: PreparedRun): Promise<OpenRun> {
  const { platform, engine, store, notify, signal }: RunContext = context;
  const { opened, from, verdicts, periodicPrompts } = prepared;
  const { runId, config: recipe } = prepared.run;
  const meter = new ProgressMeter((work) => notify({ type: 'progress', ...work }), platform.now);
  const reportOpening = (done: number, total: number, what: string) => meter.report('opening', done, total, null, what);

  const unlock = await platform.lock(runId);
  let teacher: Teacher | null = null;
  const close = () => {
    engine.releaseModel();
    teacher?.release();
    unlock();
  };
  try {
    const checkpoint = from.kind === 'checkpoint' ? await loadedCheckpoint(store, prepared.run, from.step) : null;
    if (prepared.teacher) {
      reportOpening(0, 1, 'Opening the teacher');
      teacher = await openTeacher(prepared.teacher, platform);
    }
    const onProgress = (done: number, total: number, what = 'Loading the model') => reportOpening(done, total, what);
    const model = await engine.build(opened, prepared.needs, { onProgress, signal });
    const restored = checkpoint && (await restoreCheckpoint(model, checkpoint, opened));
    signal?.throwIfAborted();

    const done = restored?.warmSteps ?? 0;
    const writer = from.kind === 'data' ? writerOf(recipe, { model, text: opened.text, teacher }) : null;
    const onWrite: Progress = (written, total) => reportOpening(written, total, 'Writing rubrics');
    const examples = await trainingExamples(context, prepared, writer, onWrite);
    const record =
      from.kind === 'data'
        ? await createRecord(context, prepared, { train: examples, heldOut: from.heldOut })
        : await continueRecord(context, prepared, { step: from.step, warmSteps: done });
    const opening = sendInParts(record, (part) => notify({ type: 'startedSteps', ...part }));
    notify({ type: 'started', ...opening });
    const gpu = await engine.gpu();
    const supervised = { examples: warmStartExamples(recipe, opened, examples, verdicts), done };
    const warm = recipe.warmStart.steps > 0 && { warmStart: supervised };
    const { now } = platform;
    return {
      run: record.run,
      opened,
      gpu,
      model,
      teacher,
      examples,
      periodicPrompts,
      ...warm,
      store,
      notify,
      now,
      close,
    };
  } catch (error) {
    close();
    throw error;
  }
}

/** The examples of a run: its own, or those of the open data with the rubrics that the recipe has written. */
async function trainingExamples(
  { notify, signal }: RunContext,
  { run, from }: PreparedRun,
  writer: RubricWriter | null,
  onProgress: Progress,
): Promise<readonly Example[]> {
  if (from.kind === 'checkpoint') return from.examples;
  if (!writer) return from.located.map(({ example }) => example);
  const { kept, unwritten } = await withWrittenRubrics(from.located, run.config, writer, { signal, onProgress });
  if (unwritten.length > 0) notify({ type: 'dataReported', data: from.reportWithout(unwritten) });
  return kept.map(({ example }) => example);
}
