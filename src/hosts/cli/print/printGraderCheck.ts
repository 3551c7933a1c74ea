import {
  accuracyText,
  adviceOf,
  conclusionOf,
  type GraderCheck,
  type PairAccuracy,
} from '../../../evaluation/graderCheck';
import { printLine } from './terminal';

const share = (value: number | null): string => (value === null ? '–' : `${(100 * value).toFixed(1)} %`);

/** Prints the conclusion, then the numbers and what would work better. */
export function printGraderCheck(check: GraderCheck): void {
  printLine(conclusionOf(check));
  printLine(`  grader: ${check.grader}`);
  const row = (name: string, own: PairAccuracy | null) => own && printLine(`  ${name.padEnd(18)} ${accuracyText(own)}`);
  row('positive criteria', check.positive);
  row('negative criteria', check.negative);
  row('by probability', check.byProbability);
  for (const { name, ...own } of check.baselines) row(name, own);
  printLine(
    `  says yes to ${share(check.yesRate)}, ungraded ${share(check.ungraded)}; ${check.recorded} of ${check.all.pairs} pairs from recorded verdicts, the others from ideal answers`,
  );
  for (const advice of adviceOf(check)) printLine(`  To try: ${advice}`);
}
