import { checkpointName, type RunSummary } from '../../domain/run';
import type { EvaluationRequest, EvaluationSubject } from '../../evaluation/evaluationRequest';
import type { Notice } from '../../protocol/notices';
import type { RunStore } from '../../storage/runStore';
import type { OpenData } from '../data/openData';
import type { Engine } from '../engine';
import { LabError } from '../failures';
import type { OpenModel } from '../models/openModel';
import type { Platform } from '../platform';
import { noCheckpoint, trainedTensors } from '../run/checkpointState';
import { knownRun } from '../run/savedRun';
import type { TeacherAccess } from '../teacher/teacherKinds';
import { dataExamples, type EvaluationExamples, runExamples } from './evaluationExamples';
import { type EvaluationGrader, graderConfig, teacherGrader } from './evaluationGrader';
import type { ModelUnderTest } from './modelUnderTest';

/** What evaluations need of the lab, as it is now. */
export interface LabNow {
  readonly engine: Engine;
  readonly platform: Pick<Platform, 'now' | 'date' | 'onnx' | 'openProbeThread'>;
  readonly notify: (notice: Notice) => void;
  readonly model: OpenModel | undefined;
  readonly data: OpenData | undefined;
  /** The connected teacher. */
  readonly given: TeacherAccess | null;
  readonly store: () => Promise<RunStore>;
  readonly modelOf: (run: RunSummary) => Promise<OpenModel>;
}

/** What is evaluated, and the run that it is of. */
export async function modelUnderTestOf(
  lab: LabNow,
  requested: EvaluationSubject,
): Promise<{ subject: ModelUnderTest; run: RunSummary | null }> {
  if (requested.kind === 'openModel') {
    const { model } = lab;
    if (!model) throw new LabError('needsFiles', 'No model is open.', 'Open a model first.');
    return { subject: { opened: model, name: model.report.name, trained: null }, run: null };
  }
  const store = await lab.store();
  const run = await knownRun(store, requested.runId);
  const checkpoint = await store.loadCheckpoint(run.runId, requested.step);
  if (!checkpoint) throw noCheckpoint(requested.step);
  const opened = await lab.modelOf(run);
  const trained = { trainable: run.config.trainable, tensors: await trainedTensors(checkpoint) };
  return { subject: { opened, name: checkpointName(run, requested.step), trained, recipe: run.config }, run };
}

/** The run's own data, or the open one split as the recipe says. */
export async function examplesOf(
  { store, data }: LabNow,
  request: EvaluationRequest,
  run: RunSummary | null,
): Promise<EvaluationExamples> {
  if (run) return runExamples(await store(), run, request);
  if (!data) throw new LabError('needsFiles', 'No data is open.', 'Open a HealthBench file or the built-in sample.');
  return dataExamples(data, request);
}

/** Who grades, and what to call when it has. */
export async function graderOf(
  { given, platform }: LabNow,
  { grader, mode }: Pick<EvaluationRequest, 'grader' | 'mode'>,
  subject: ModelUnderTest,
): Promise<{ grader: Exclude<EvaluationGrader, { kind: 'model' }>; release: () => void }> {
  if (grader !== 'teacher')
    return { grader: { kind: 'subject', config: graderConfig(subject, { kind: grader, mode }) }, release: () => {} };
  if (!given)
    throw new LabError('needsFiles', 'No teacher is open.', 'Open a teacher on Set up, or choose another grader.');
  return teacherGrader(given, subject, { mode }, platform);
}
