import { asksTeacher } from '../../domain/recipe/problems';
import type { Recipe } from '../../domain/recipe/recipe';
import type { TeacherConfig } from '../../domain/recipe/teacher';
import { isWithheld } from '../../domain/recipe/teacherAddress';
import { LabError } from '../failures';
import type { OpenModel } from '../models/openModel';
import type { TeacherAccess, TeacherSource } from './teacherKinds';

/**
 * The teacher of a run; null when it has none. Throws LabError needsFiles when another teacher or none is connected.
 */
export function teacherOf(
  run: Recipe,
  given: TeacherAccess | null,
  policy: Pick<OpenModel, 'graderTemplate'>,
): TeacherSource | null {
  const { teacher } = run.grader;
  if (!asksTeacher(run) || !teacher) return null;
  // A prompt that came with the policy's own checkpoint is not the teacher's.
  const { template, ...own } = run.grader;
  const grader = template === undefined || template === policy.graderTemplate ? own : run.grader;
  return { config: teacher, grader, seed: run.seed, ...matching(teacher, given) };
}

/** Key and files of this teacher. The key of one address is never sent to another. */
function matching(requested: TeacherConfig, given: TeacherAccess | null): Pick<TeacherAccess, 'key' | 'files'> {
  const same = given !== null && identity(given.config) === identity(requested);
  if (same) return { key: given.key, files: given.files };
  if (requested.kind === 'endpoint' && isWithheld(requested)) {
    throw new LabError(
      'needsFiles',
      `The run uses ${requested.model} as its teacher, and its address was held in memory only.`,
      'Enter the service again under Teacher on Set up, or with --teacher, then continue.',
    );
  }
  if (requested.kind === 'endpoint') return { key: null, files: [] }; // one on this machine may need none
  throw new LabError(
    'needsFiles',
    `The recipe uses the teacher ${requested.name}, which is not open.`,
    'Choose its files again: they are held in memory only.',
  );
}

const identity = (config: TeacherConfig): string =>
  JSON.stringify(config.kind === 'endpoint' ? [config.kind, config.url] : [config.kind, config.name]);
