import { graderSchema } from '../../domain/recipe/grader';
import { type TeacherConfig, teacherSchema } from '../../domain/recipe/teacher';
import type { TeacherReport } from '../../domain/reports';
import { openOnnxFolder } from '../../formats/onnxFolder';
import { baseName, fileSource } from '../../formats/source';
import { endpointTeacher } from '../../grading/endpoint/endpointTeacher';
import type { Request } from '../../protocol/requests';
import { Tokenizer } from '../../text/tokenizer';
import { LabError } from '../failures';
import type { Platform } from '../platform';
import { type GivenTeacher, recordedAnswers } from './openTeacher';

/** The teacher that the person gave, checked when it is given. Its key is kept here and nowhere else. */
export class TeacherConnection {
  given: GivenTeacher | null = null;

  constructor(private readonly platform: Pick<Platform, 'onnx'>) {}

  /** Throws when this is no teacher; the one before stays. */
  async open({ teacher, files, key }: Omit<Request<'openTeacher'>, 'type'>): Promise<TeacherReport> {
    const config = teacherSchema.parse(teacher);
    const given = { config, key, files: files.map((file) => fileSource(file)) };
    const detail = await this.check(given);
    this.given = given;
    return { config, detail };
  }

  private async check({ config, files, key }: GivenTeacher): Promise<string> {
    switch (config.kind) {
      case 'endpoint':
        endpointTeacher(config, graderSchema.parse({}), key); // throws for an address that cannot be asked
        return key ? 'with a key' : 'without a key';
      case 'recorded': {
        const [file] = files;
        if (!file) throw missing(config);
        return `${(await recordedAnswers(file)).length} graded answers`;
      }
      case 'onnx': {
        if (files.length === 0) throw missing(config);
        const folder = await openOnnxFolder(files, this.platform.onnx);
        Tokenizer.fromFiles(folder.tokenizer);
        const bytes = [folder.model, ...folder.data].reduce((sum, { size }) => sum + size, 0);
        return `${baseName(folder.model)}, ${Math.round(bytes / 1e6)} MB, on ${this.platform.onnx.gpu ? 'WebGPU' : 'the processor'}`;
      }
    }
  }
}

const missing = ({ kind }: TeacherConfig) =>
  new LabError(
    'needsFiles',
    'No file of the teacher was chosen.',
    kind === 'onnx' ? 'Choose its folder.' : 'Choose the file with its grades.',
  );
