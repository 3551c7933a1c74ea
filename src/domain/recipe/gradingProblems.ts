import type { Recipe } from './recipe';

/** Every problem with graders, teacher and written rubrics that single fields cannot show, in words. */
export function gradingProblems({ grader, rubrics }: Recipe): string[] {
  const found: string[] = [];
  const { kind, teacher } = grader;
  if ((kind === 'teacher' || kind === 'mixed') && !teacher) {
    found.push(`the grader is ${kind}, but no teacher is given: choose one, or let the model grade itself`);
  }
  const taught = rubrics.write !== 'never' && rubrics.writer === 'teacher';
  if (taught && !teacher) found.push('the teacher is to write rubrics, but no teacher is given');
  if (taught && teacher?.kind === 'recorded') {
    found.push('recorded grades cannot write rubrics: choose another teacher, or let the policy write them');
  }
  return found;
}

/** Whether a run asks its teacher at all. */
export const asksTeacher = ({ grader, rubrics }: Pick<Recipe, 'grader' | 'rubrics'>): boolean =>
  grader.kind === 'teacher' || grader.kind === 'mixed' || (rubrics.write !== 'never' && rubrics.writer === 'teacher');
