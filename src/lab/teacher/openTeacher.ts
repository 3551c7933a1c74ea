import { readRows } from '../../data/recordedFile';
import { parseAnswer, type RecordedAnswer } from '../../domain/answerRecord';
import type { GraderConfig } from '../../domain/recipe/grader';
import { asksTeacher } from '../../domain/recipe/problems';
import type { Recipe } from '../../domain/recipe/recipe';
import type { TeacherConfig } from '../../domain/recipe/teacher';
import { isWithheld } from '../../domain/recipe/teacherAddress';
import { openOnnxFolder } from '../../formats/onnxFolder';
import { type ByteSource, baseName } from '../../formats/source';
import { endpointTeacher } from '../../grading/endpoint/endpointTeacher';
import { onnxTeacher } from '../../grading/onnx/onnxTeacher';
import { recordedTeacher } from '../../grading/recordedTeacher';
import type { Teacher } from '../../grading/teacher';
import { chatText } from '../../text/chatText';
import { Tokenizer } from '../../text/tokenizer';
import { chunksOf } from '../data/openData';
import { LabError } from '../failures';
import type { OpenModel } from '../models/openModel';
import type { Platform } from '../platform';

/** A teacher that the person gave: what a recipe may say of it, and beside it what stays in memory. */
export interface GivenTeacher {
  readonly config: TeacherConfig;
  /** Of an endpoint; null for none. Goes to the address in `config` and nowhere else. */
  readonly key: string | null;
  /** A model's files, or the one with grades; empty for an endpoint. */
  readonly files: readonly ByteSource[];
}

/** A teacher as it is opened, and the grader settings that it is asked with. */
export interface TeacherSource extends GivenTeacher {
  readonly grader: GraderConfig;
}

/** The teacher that a run asks; null when it asks none. Throws LabError needsFiles when another or none was given. */
export function teacherOf(
  run: Recipe,
  given: GivenTeacher | null,
  policy: Pick<OpenModel, 'graderTemplate'>,
): TeacherSource | null {
  const { teacher } = run.grader;
  if (!asksTeacher(run) || !teacher) return null;
  // A prompt that came with the policy's own checkpoint is not the teacher's.
  const { template, ...own } = run.grader;
  const grader = template === undefined || template === policy.graderTemplate ? own : run.grader;
  return { config: teacher, grader, ...matching(teacher, given) };
}

/** Throws what its files throw. */
export async function openTeacher(
  { config, grader, key, files }: TeacherSource,
  platform: Pick<Platform, 'onnx'>,
): Promise<Teacher> {
  switch (config.kind) {
    case 'endpoint':
      return endpointTeacher(config, grader, key);
    case 'recorded':
      return recordedTeacher(config.name, await recordedAnswers(files[0]!));
    case 'onnx': {
      const folder = await openOnnxFolder(files, { gpu: platform.onnx.gpu });
      const text = chatText(Tokenizer.fromFiles(folder.tokenizer));
      return onnxTeacher(config.name, await platform.onnx.open(folder), text, grader);
    }
  }
}

/** What was given for this teacher. The key of one address is not sent to another. */
function matching(wanted: TeacherConfig, given: GivenTeacher | null): Pick<GivenTeacher, 'key' | 'files'> {
  const same = given !== null && identity(given.config) === identity(wanted);
  if (same) return { key: given.key, files: given.files };
  if (wanted.kind === 'endpoint' && isWithheld(wanted)) {
    throw new LabError(
      'needsFiles',
      `The run asks ${wanted.model} at an address that was kept in memory only.`,
      'Give the service again, as the grader on Set up or with --teacher; then go on.',
    );
  }
  if (wanted.kind === 'endpoint') return { key: null, files: [] }; // one on this machine may need none
  throw new LabError(
    'needsFiles',
    `The recipe asks the teacher ${wanted.name}, which is not open.`,
    'Choose its files again: they are kept in memory only.',
  );
}

const identity = (config: TeacherConfig): string =>
  JSON.stringify(config.kind === 'endpoint' ? [config.kind, config.url] : [config.kind, config.name]);

/** Throws LabError badData when a line has no grade, or no line has one. */
export async function recordedAnswers(file: ByteSource): Promise<RecordedAnswer[]> {
  const name = baseName(file);
  const answers: RecordedAnswer[] = [];
  for await (const { line, read } of readRows(name, chunksOf(file))) {
    try {
      answers.push(parseAnswer(read()));
    } catch (error) {
      throw new LabError('badData', `${name} line ${line}: ${(error as Error).message}`, 'Correct or remove the line.');
    }
  }
  if (answers.length === 0) throw new LabError('badData', `${name} has no graded answer.`, 'Choose another file.');
  return answers;
}
