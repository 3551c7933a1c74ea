import type { DataReport, RowProblem } from '../../../domain/dataReport';
import { printNote } from './terminal';

/** Rows that are listed one by one. */
const LISTED = 20;

/** Lists rows that were left out, on stderr. `what` they are: rows, answers. */
export function printProblems(problems: readonly RowProblem[], what: string, note = ''): void {
  for (const { file, line, reason } of problems.slice(0, LISTED)) printNote(`${file} line ${line}: ${reason}`);
  if (problems.length > 0) printNote(`${problems.length} ${what} left out${note}`);
}

/** Says what reading changed about rows that are used, on stderr. */
export function printChanges(changes: DataReport['changes']): void {
  for (const { what, rows } of changes) printNote(`note: ${rows} ${rows === 1 ? 'row' : 'rows'}: ${what}`);
}
