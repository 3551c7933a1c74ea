import { teacherSchema } from '../../domain/recipe/teacher';
import type { TeacherReport } from '../../domain/reports';
import { fileSource } from '../../formats/source';
import type { Request } from '../../protocol/requests';
import type { Platform } from '../platform';
import { checkTeacher, type GivenTeacher } from './teacherKinds';

/** The teacher that the person gave, checked when it is given. Its key is kept here and nowhere else. */
export class TeacherConnection {
  given: GivenTeacher | null = null;

  constructor(private readonly platform: Pick<Platform, 'onnx'>) {}

  /** Throws when this is no teacher; the one before stays. */
  async open({ teacher, files, key }: Omit<Request<'openTeacher'>, 'type'>): Promise<TeacherReport> {
    const config = teacherSchema.parse(teacher);
    const given = { config, key, files: files.map((file) => fileSource(file)) };
    const detail = await checkTeacher(given, this.platform);
    this.given = given;
    return { config, detail };
  }
}
