import type { Example } from '../../domain/example';
import { graderSchema } from '../../domain/recipe/grader';
import type { RunSummary } from '../../domain/run';
import type { EvaluationRequest, EvaluationSubject } from '../../evaluation/evaluations';
import type { Notice } from '../../protocol/notices';
import type { RunStore } from '../../storage/runStore';
import { type OpenData, reportData } from '../data/openData';
import type { Engine } from '../engine';
import { LabError } from '../failures';
import type { OpenModel } from '../models/openModel';
import type { Platform } from '../platform';
import { noCheckpoint, trainedTensors } from '../run/checkpointState';
import { loadRunData } from '../run/runData';
import { knownRun } from '../run/savedRun';
import { type GivenTeacher, openTeacher } from '../teacher/openTeacher';
import type { ModelUnderTest } from './modelUnderTest';
import type { EvaluationGrader } from './runEvaluation';

/** What evaluations need of the lab, as it is now. */
export interface LabNow {
  readonly engine: Engine;
  readonly platform: Pick<Platform, 'now' | 'date' | 'onnx'>;
  readonly notify: (notice: Notice) => void;
  readonly model: OpenModel | undefined;
  readonly data: OpenData | undefined;
  /** The teacher that the person gave. */
  readonly given: GivenTeacher | null;
  readonly store: () => Promise<RunStore>;
  readonly modelOf: (run: RunSummary) => Promise<OpenModel>;
}

/** What is evaluated, and the run that it is of. */
export async function modelUnderTestOf(
  lab: LabNow,
  wanted: EvaluationSubject,
): Promise<{ subject: ModelUnderTest; run: RunSummary | null }> {
  if (wanted.kind === 'openModel') {
    const { model } = lab;
    if (!model) throw new LabError('needsFiles', 'No model is open.', 'Choose a model first.');
    return { subject: { opened: model, name: model.report.name, trained: null }, run: null };
  }
  const store = await lab.store();
  const run = await knownRun(store, wanted.runId);
  const checkpoint = await store.loadCheckpoint(run.runId, wanted.step);
  if (!checkpoint) throw noCheckpoint(wanted.step);
  const opened = await lab.modelOf(run);
  const trained = { trainable: run.config.trainable, tensors: await trainedTensors(checkpoint) };
  return { subject: { opened, name: `${run.name}, step ${wanted.step}`, trained }, run };
}

/** The run's own data, or the open one split as the recipe says. */
export async function examplesOf(
  lab: LabNow,
  request: EvaluationRequest,
  run: RunSummary | null,
): Promise<{ examples: readonly Example[]; data: string }> {
  const { split } = request;
  const side = split === 'heldOut' ? 'held-out prompts' : 'training prompts';
  const name = run?.dataName ?? lab.data?.name;
  const examples = run ? (await loadRunData(await lab.store(), run.runId))[split] : splitOf(lab, request);
  if (examples.length > 0) return { examples, data: `${name}, ${side}` };
  throw new LabError('badConfig', `${name} has no ${side}.`, 'Evaluate on the other part of the data.');
}

function splitOf({ data }: LabNow, request: EvaluationRequest): readonly Example[] {
  if (!data) throw new LabError('needsFiles', 'No data is open.', 'Drop a HealthBench file, or take the sample.');
  return reportData(data, request).split[request.split].map(({ example }) => example);
}

/** Who grades, and what to call when it has. */
export async function graderOf(
  lab: LabNow,
  { grader, mode }: Pick<EvaluationRequest, 'grader' | 'mode'>,
  subject: ModelUnderTest,
  run: RunSummary | null,
): Promise<{ grader: Exclude<EvaluationGrader, { kind: 'model' }>; release: () => void }> {
  if (grader !== 'teacher')
    return { grader: { kind: 'subject', config: graderConfig(subject, run, mode, grader) }, release: () => {} };
  const { given, platform } = lab;
  if (!given) throw new LabError('needsFiles', 'No teacher is open.', 'Open one on Set up, or choose another grader.');
  const teacher = await openTeacher(
    { ...given, grader: graderSchema.parse({ ...run?.config.grader, mode }) },
    platform,
  );
  const name = `${teacher.name}, teacher`;
  return { grader: { kind: 'outside', grader: teacher.grader, name }, release: () => teacher.release() };
}

/** The grader of the run, or the defaults, asked in the mode that is wanted. */
export function graderConfig(
  { opened }: ModelUnderTest,
  run: RunSummary | null,
  mode: EvaluationRequest['mode'],
  kind: 'self' | 'frozen',
) {
  const template = run?.config.grader.template ?? opened.graderTemplate ?? undefined;
  return graderSchema.parse({ ...run?.config.grader, kind, mode, ...(template !== undefined && { template }) });
}
