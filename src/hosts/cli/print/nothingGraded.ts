import type { Grade } from '../../../domain/verdict';
import { printNote } from './terminal';

/** Whether no criterion was graded; prints the first reason. A failed grading must not look like a score of 0. */
export function printNothingGraded(grades: readonly Grade[]): boolean {
  const all = grades.flat();
  if (all.some(({ verdict }) => verdict !== 'ungraded')) return false;
  const why = all.find(({ failure }) => failure !== null)?.failure;
  printNote(`lab: no criterion was graded${why ? `: ${why}` : ''}`);
  return true;
}
