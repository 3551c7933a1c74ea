import { teacherSchema } from '../../domain/recipe/teacher';
import type { TeacherReport } from '../../domain/reports';
import { fileSource } from '../../formats/source';
import type { Request } from '../../protocol/requests';
import type { Platform } from '../platform';
import { checkTeacher, type TeacherAccess } from './teacherKinds';

/** The connected teacher, checked when it is opened. Only this object holds its key. */
export class TeacherConnection {
  given: TeacherAccess | null = null;

  constructor(private readonly platform: Pick<Platform, 'onnx' | 'openProbeThread'>) {}

  /** Throws when this is not a teacher; the one before stays open. */
  async open({ teacher, files, key }: Omit<Request<'openTeacher'>, 'type'>): Promise<TeacherReport> {
    const config = teacherSchema.parse(teacher);
    const given = { config, key, files: files.map((file) => fileSource(file)) };
    const detail = await checkTeacher(given, this.platform);
    this.given = given;
    return { config, detail };
  }
}
