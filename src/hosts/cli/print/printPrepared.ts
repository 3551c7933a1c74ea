import { KIND_NAMES } from '../../../data/fileKind';
import type { PreparePlan } from '../../../data/prepare';
import type { WrittenFile } from '../output/preparedFiles';
import { printProblems } from './problems';
import { printLine } from './terminal';

/** Prints the files that were written and the rows that were left out. */
export function printPrepared(name: string, plan: PreparePlan, written: readonly WrittenFile[]): void {
  const out = printLine;
  out(`${name}: ${KIND_NAMES[plan.kind]}, ${plan.rows} rows`);
  for (const [file, rows] of written) out(`  ${file}: ${rows} rows`);
  for (const [reason, rows] of plan.filtered) out(`  left out by the filters: ${rows} rows (${reason})`);
  if (plan.missingHard > 0) out(`  ${plan.missingHard} rows of the hard file are not in ${name}`);
  printProblems(plan.problems, 'bad rows', '; report.json lists them');
}
