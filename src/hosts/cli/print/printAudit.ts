import { median } from '../../../domain/statistics';
import type { AgreementReport } from '../../../evaluation/audit';
import type { Audit } from '../../../evaluation/auditSummary';
import { printLine } from './terminal';

const number = (value: number | null | undefined) => (value === null || value === undefined ? '–' : value.toFixed(3));
const signed = (value: number) => (Number.isFinite(value) ? `${value > 0 ? '+' : ''}${value.toFixed(3)}` : '–');
const out = printLine;

interface Column {
  readonly name: string;
  readonly pooled: AgreementReport;
  readonly categories: readonly AgreementReport[];
  /** Criteria without a grade; null for people. */
  readonly ungraded: number | null;
}

const MEASURES: readonly { title: string; of: (own: AgreementReport) => number | null }[] = [
  { title: 'balanced F1', of: ({ pairwise }) => pairwise.f1.balanced },
  { title: 'agreement', of: ({ accuracy }) => accuracy },
  { title: 'kappa', of: ({ kappa }) => kappa },
  { title: 'met: F1', of: ({ pairwise }) => pairwise.f1.met },
  { title: 'met: precision', of: ({ pairwise }) => pairwise.precision.met },
  { title: 'met: recall', of: ({ pairwise }) => pairwise.recall.met },
  { title: 'not met: F1', of: ({ pairwise }) => pairwise.f1.notMet },
  { title: 'not met: precision', of: ({ pairwise }) => pairwise.precision.notMet },
  { title: 'not met: recall', of: ({ pairwise }) => pairwise.recall.notMet },
];
const COUNTS: readonly { title: string; of: (own: AgreementReport) => number }[] = [
  { title: 'graded met, correct', of: ({ pairwise }) => pairwise.confusion.metMet },
  { title: 'graded met, wrong', of: ({ pairwise }) => pairwise.confusion.metNot },
  { title: 'graded not met, correct', of: ({ pairwise }) => pairwise.confusion.notNot },
  { title: 'graded not met, wrong', of: ({ pairwise }) => pairwise.confusion.notMet },
  { title: 'pairs', of: ({ pairwise }) => pairwise.pairs },
];

/** Prints the audit as tables: a column per grader, the change from the first to the second, and physicians. */
export function printAudit({ file, reference, criteria, graders, physicians, kind, change }: Audit): void {
  out(`${file}: ${criteria} criteria labeled by ${reference}`);
  const columns: Column[] = [
    ...graders,
    ...(physicians ? [{ name: 'physicians among themselves', ungraded: null, ...physicians }] : []),
  ];
  out();
  columns.forEach(({ name }, i) => {
    out(`  [${i + 1}] ${name}`);
  });
  const two = graders.length === 2;
  const heads = columns.map((_, i) => `[${i + 1}]`);
  const rows = [
    ...MEASURES.map(({ title, of }) => {
      const values = columns.map(({ pooled }) => of(pooled));
      return [title, ...values.map(number), ...(two ? [signed(minus(values[1], values[0]))] : [])];
    }),
    ...COUNTS.map(({ title, of }) => [title, ...columns.map(({ pooled }) => String(of(pooled)))]),
    ['criteria ungraded', ...columns.map(({ ungraded }) => (ungraded === null ? '' : String(ungraded)))],
  ];
  out();
  table([['', ...heads, ...(two ? ['[2] − [1]'] : [])], ...rows]);
  if (change) printChange(change);
  if (physicians && physicians.individuals.length > 0) {
    const { individuals } = physicians;
    const middle = median(individuals.map(({ balancedF1 }) => balancedF1));
    out();
    out(
      `individual physicians (${individuals.length}): lowest ${number(individuals[0]!.balancedF1)}, median ${number(middle)}, highest ${number(individuals.at(-1)!.balancedF1)}`,
    );
  }
  const names = [...new Set(columns.flatMap((column) => column.categories.map(({ category }) => category)))].sort();
  if (names.length === 0) return;
  out();
  out(`balanced F1 by ${kind === 'metaEval' ? 'category' : 'sign of the points'} (pairs)`);
  const byCategory = names.map((category) => {
    const own = columns.map((column) => column.categories.find((found) => found.category === category)?.pairwise);
    const cells = own.map((found) => (found ? `${number(found.f1.balanced)} (${found.pairs})` : '–'));
    const [before, after] = own;
    return [category, ...cells, ...(two ? [signed(minus(after?.f1.balanced, before?.f1.balanced))] : [])];
  });
  table([['', ...heads, ...(two ? ['[2] − [1]'] : [])], ...byCategory]);
}

const minus = (a: number | null | undefined, b: number | null | undefined): number =>
  (a ?? Number.NaN) - (b ?? Number.NaN);

function printChange({ criteria, difference, interval, gained, lost, after }: NonNullable<Audit['change']>): void {
  out();
  out(
    `on the ${criteria} criteria that both graded: balanced F1 ${signed(difference ?? Number.NaN)}${interval ? ` (95 %: ${number(interval[0])} to ${number(interval[1])})` : ''}; of ${after.pairwise.pairs} pairs ${gained} became correct, ${lost} became wrong`,
  );
}

/** Names aligned left, numbers right. */
function table(rows: readonly (readonly string[])[]): void {
  const widths = rows[0]!.map((_, c) => Math.max(...rows.map((row) => row[c]?.length ?? 0)));
  for (const row of rows) {
    const cells = row.map((cell, c) => (c === 0 ? cell.padEnd(widths[c]!) : cell.padStart(widths[c]!)));
    out(`  ${cells.join('  ')}`.trimEnd());
  }
}
