import type { Recipe } from './recipe';
import type { TeacherConfig } from './teacher';

/** Stands in a kept run for the address of a teacher, which like its key is nowhere but in memory. */
const WITHHELD = 'https://address-in-memory-only.invalid/';

export const isWithheld = (teacher: TeacherConfig | undefined): boolean =>
  teacher?.kind === 'endpoint' && teacher.url === WITHHELD;

/** What of a recipe may be written down. */
export const withoutAddress = (config: Recipe): Recipe => addressed(config, WITHHELD);

/** The recipe with the address of the teacher that is open, where its own is withheld and the model is the same. */
export function withAddress(config: Recipe, given: TeacherConfig | undefined): Recipe {
  const { teacher } = config.grader;
  const same = teacher?.kind === 'endpoint' && given?.kind === 'endpoint' && teacher.model === given.model;
  return isWithheld(teacher) && same ? addressed(config, given.url) : config;
}

function addressed(config: Recipe, url: string): Recipe {
  const { teacher } = config.grader;
  return teacher?.kind === 'endpoint'
    ? { ...config, grader: { ...config.grader, teacher: { ...teacher, url } } }
    : config;
}
