import type { GraderConfig } from './recipe/grader';
import type { TeacherConfig } from './recipe/teacher';
import type { CriterionGrade } from './verdict';

/** Every grader name that the page and the command line show. */

export const teacherName = (teacher: TeacherConfig): string =>
  teacher.kind === 'endpoint' ? teacher.model : teacher.name;

/** The grader of a run, for use after "graded by". */
export function runGraderName({ kind, teacher, mixed }: Pick<GraderConfig, 'kind' | 'teacher' | 'mixed'>): string {
  const taught = teacher ? teacherName(teacher) : 'a teacher';
  switch (kind) {
    case 'self':
      return 'the current model';
    case 'frozen':
      return 'the frozen grader';
    case 'teacher':
      return taught;
    case 'mixed': {
      const percent = 100 * mixed.share;
      const share = percent > 0 && percent < 10 ? percent.toFixed(1) : Math.round(percent);
      return `${taught} for ${share} % of the ${mixed.by === 'prompt' ? 'prompts' : 'steps'}, else by the current model`;
    }
  }
}

/** The grader of one answer of a run, as its record names it. */
export function answerGraderName(
  { kind, mode, teacher }: GraderConfig,
  by: Exclude<CriterionGrade['by'], 'program'>,
): string {
  if (by === 'policy') return `self, ${mode}`;
  if (kind !== 'teacher' && by !== 'teacher') return `${kind}, ${mode}`;
  return `teacher, ${teacher ? teacherName(teacher) : 'unnamed'}`;
}

/**
 * A model as the grader of an evaluation: the model under test itself, the weights that it started from, or another
 * one.
 */
export const modelGraderName = (
  model: string,
  how: 'itself' | 'frozen' | 'another',
  mode: GraderConfig['mode'],
): string => `${model}${how === 'another' ? '' : `, ${how}`} (${mode})`;

export const teacherGraderName = (name: string): string => `${name}, teacher`;
