import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { EvaluationSettings } from '../../../evaluation/evaluationRequest';
import { dataExamples, type EvaluationExamples, runExamples } from '../../../lab/evaluation/evaluationExamples';
import { type EvaluationGrader, graderConfig, teacherGrader } from '../../../lab/evaluation/evaluationGrader';
import type { ModelUnderTest } from '../../../lab/evaluation/modelUnderTest';
import { nodeOnnx } from '../nodePlatform';
import { printNote } from '../print/terminal';
import { openProbeThread } from '../probeThread';
import { dataAt, mappingOf } from './dataAt';
import { optionalTextAt } from './files';
import { modelUnderTestAt } from './modelAt';
import { runAt } from './runFolder';
import { teacherAt } from './teacherAt';

interface ExampleOptions {
  readonly data?: readonly string[] | undefined;
  readonly map?: string | undefined;
  readonly run?: string | undefined;
  readonly split?: EvaluationSettings['split'] | undefined;
}

/**
 * The examples of --data or of --run. Default part: all of one file, the held-out examples of two files or of a run.
 */
export async function evaluationExamplesAt(
  { data: paths, map, run, split }: ExampleOptions,
  settings: EvaluationSettings,
): Promise<EvaluationExamples> {
  if (!paths) {
    const { store, summary } = await runAt(run!);
    return runExamples(store, summary, settings);
  }
  const data = await dataAt(paths, mappingOf(map));
  const bad = data.files.reduce((sum, { problems }) => sum + problems.length, 0);
  if (bad > 0) printNote(`${bad} bad rows left out`);
  return dataExamples(data, { ...settings, split: split ?? (data.files.length > 1 ? 'heldOut' : 'all') });
}

interface GraderOptions {
  readonly grader: string;
  readonly 'teacher-model'?: string | undefined;
  readonly template?: string | undefined;
}

/** --grader: the model under test, its starting weights, a teacher, or another model. Call `release` after grading. */
export async function evaluationGraderAt(
  { grader, template: path, 'teacher-model': teacherModel }: GraderOptions,
  subject: ModelUnderTest,
  { mode }: EvaluationSettings,
): Promise<{ grader: EvaluationGrader; release: () => void }> {
  const template = await optionalTextAt(path);
  const release = () => {};
  if (grader === 'self' || grader === 'frozen') {
    const config = graderConfig(subject, { kind: grader, mode, template });
    return { grader: { kind: 'subject', config }, release };
  }
  if (/^https?:/i.test(grader) || existsSync(join(grader, 'onnx'))) {
    const teacher = await teacherAt(grader, teacherModel);
    return teacherGrader(teacher, subject, { mode, template }, { onnx: nodeOnnx, openProbeThread });
  }
  const other = await modelUnderTestAt(grader, {});
  const config = graderConfig(other, { kind: 'frozen', mode, template });
  return { grader: { kind: 'model', subject: other, config }, release };
}
