import { stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import type { Recipe } from '../../../domain/recipe/recipe';
import { teacherSchema } from '../../../domain/recipe/teacher';
import type { TeacherAccess } from '../../../lab/teacher/teacherKinds';
import { UsageError } from '../usage';
import { sourceAt } from './files';
import { nodeFiles } from './nodeFiles';

/** Holds the key of an endpoint: other users of the machine can read arguments, but not this. */
export const KEY_VARIABLE = 'AUTODIDACT_TEACHER_KEY';

/** A teacher from a URL, the folder of an ONNX model, or a file of recorded grades. */
export async function teacherAt(place: string, model: string | undefined): Promise<TeacherAccess> {
  if (/^https?:/i.test(place)) {
    if (model === undefined) throw new UsageError('an endpoint needs the name of its model: give --teacher-model');
    const parsed = teacherSchema.safeParse({ kind: 'endpoint', url: place, model });
    if (!parsed.success)
      throw new UsageError(`the URL of the teacher is not valid: ${parsed.error.issues[0]!.message}`);
    return { config: parsed.data, key: process.env[KEY_VARIABLE] ?? null, files: [] };
  }
  if (model !== undefined) throw new UsageError('--teacher-model is for endpoints only');
  const found = await stat(place).catch(() => null);
  if (!found) throw new UsageError(`${place} does not exist`);
  const name = basename(resolve(place));
  if (!found.isDirectory()) return { config: { kind: 'recorded', name }, key: null, files: [await sourceAt(place)] };
  const inside = join(place, 'onnx');
  const below = await stat(inside).catch(() => null);
  const files = [...(await nodeFiles(place)), ...(below?.isDirectory() ? await nodeFiles(inside) : [])];
  return { config: { kind: 'onnx', name }, key: null, files };
}

/**
 * The recipe with the teacher as its grader, unless the recipe gives the teacher a share of the prompts or only rubrics
 * to write.
 */
export function withTeacher(run: Recipe, given: TeacherAccess | null): Recipe {
  if (!given) return run;
  const writes = run.rubrics.write !== 'never' && run.rubrics.writer === 'teacher';
  const kind = run.grader.kind === 'mixed' || writes ? run.grader.kind : 'teacher';
  return { ...run, grader: { ...run.grader, kind, teacher: given.config } };
}
