import type { Grade } from '../../domain/verdict';

/** Whether not one criterion was graded; says why the first was not. A score of nothing must not pass for one. */
export function sayNothingGraded(grades: readonly Grade[]): boolean {
  const all = grades.flat();
  if (all.some(({ verdict }) => verdict !== 'ungraded')) return false;
  const why = all.find(({ failure }) => failure !== null)?.failure;
  process.stderr.write(`lab: no criterion was graded${why ? `: ${why}` : ''}\n`);
  return true;
}
