import type { RowProblem } from '../../../domain/dataReport';

/** Rows that are listed one by one. */
const LISTED = 20;

/** Lists rows that were left out, on stderr. `what` they are: rows, answers. */
export function printProblems(problems: readonly RowProblem[], what: string, note = ''): void {
  for (const { file, line, reason } of problems.slice(0, LISTED))
    process.stderr.write(`${file} line ${line}: ${reason}\n`);
  if (problems.length > 0) process.stderr.write(`${problems.length} ${what} left out${note}\n`);
}
