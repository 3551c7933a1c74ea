import { readRows } from '../../data/recordedFile';
import { parseAnswer, type RecordedAnswer } from '../../domain/answerRecord';
import { type GraderConfig, graderSchema } from '../../domain/recipe/grader';
import type { TeacherConfig } from '../../domain/recipe/teacher';
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
import { probeTokenizer } from '../models/probe';
import type { Platform } from '../platform';

/** Access to a teacher: its config, which a recipe may contain, and its key and files, which stay in memory. */
export interface TeacherAccess<C extends TeacherConfig = TeacherConfig> {
  readonly config: C;
  /** Of an endpoint; null for none. Goes to the address in `config` and nowhere else. */
  readonly key: string | null;
  /** A model's files, or the one with grades; empty for an endpoint. */
  readonly files: readonly ByteSource[];
}

/** A teacher to open, with its grader settings. */
export interface TeacherSource<C extends TeacherConfig = TeacherConfig> extends TeacherAccess<C> {
  readonly grader: GraderConfig;
  /** The run's: the fence of the grading prompts follows from it. */
  readonly seed?: number;
}

type Host = Pick<Platform, 'onnx' | 'openProbeThread'>;

/** One way to have a teacher. */
interface TeacherKind<C extends TeacherConfig> {
  /** Checks a teacher without loading a model, and describes it in words. Throws when it is not one. */
  check(given: TeacherAccess<C>, host: Host): Promise<string>;
  /** Throws what its files throw. */
  open(source: TeacherSource<C>, host: Host): Promise<Teacher>;
}

const KINDS: { readonly [K in TeacherConfig['kind']]: TeacherKind<Extract<TeacherConfig, { kind: K }>> } = {
  endpoint: {
    async check({ config, key }) {
      endpointTeacher(config, graderSchema.parse({}), key); // throws for an address that cannot be used
      return key ? 'with a key' : 'without a key';
    },
    open: async ({ config, grader, key, seed }) => endpointTeacher(config, grader, key, { seed }),
  },
  recorded: {
    check: async ({ files }) => `${(await recordedAnswers(only(files))).length} graded answers`,
    open: async ({ config, files }) => recordedTeacher(config.name, await recordedAnswers(only(files))),
  },
  onnx: {
    async check({ files }, { onnx, openProbeThread }) {
      if (files.length === 0) throw missing('Choose the teacher’s folder.');
      const folder = await openOnnxFolder(files, onnx);
      await probeTokenizer(folder.tokenizer, openProbeThread);
      Tokenizer.fromFiles(folder.tokenizer);
      const bytes = [folder.model, ...folder.data].reduce((sum, { size }) => sum + size, 0);
      return `${baseName(folder.model)}, ${Math.round(bytes / 1e6)} MB, on ${onnx.gpu ? 'WebGPU' : 'the processor'}`;
    },
    async open({ config, grader, files, seed }, { onnx, openProbeThread }) {
      const folder = await openOnnxFolder(files, { gpu: onnx.gpu });
      await probeTokenizer(folder.tokenizer, openProbeThread);
      const text = chatText(Tokenizer.fromFiles(folder.tokenizer));
      return onnxTeacher(config.name, await onnx.open(folder), text, grader, seed);
    },
  },
};

// The kind of the config picks its row, which TypeScript cannot see.
const kindOf = ({ kind }: TeacherConfig) => KINDS[kind] as unknown as TeacherKind<TeacherConfig>;

export const checkTeacher = (given: TeacherAccess, host: Host): Promise<string> =>
  kindOf(given.config).check(given, host);

export const openTeacher = (source: TeacherSource, host: Host): Promise<Teacher> =>
  kindOf(source.config).open(source, host);

const missing = (advice: string) => new LabError('needsFiles', 'The teacher has no file.', advice);

function only([file]: readonly ByteSource[]): ByteSource {
  if (!file) throw missing('Choose a file of recorded grades.');
  return file;
}

/** Throws LabError badData when a line has no grade, or no line has one. */
export async function recordedAnswers(file: ByteSource): Promise<RecordedAnswer[]> {
  const name = baseName(file);
  const answers: RecordedAnswer[] = [];
  for await (const { line, read } of readRows(name, chunksOf(file))) {
    try {
      answers.push(parseAnswer(read()));
    } catch (error) {
      throw new LabError('badData', `${name} line ${line}: ${(error as Error).message}`, 'Fix or remove the line.');
    }
  }
  if (answers.length === 0) throw new LabError('badData', `${name} has no graded answers.`, 'Choose another file.');
  return answers;
}
