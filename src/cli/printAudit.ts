import type { AgreementReport, Audit } from '../rubric/audit';

const number = (value: number | null) => (value === null ? '–' : value.toFixed(3)).padStart(6);

/** The audit as tables on the terminal. */
export function printAudit({ file, reference, criteria, graders, physicians, kind }: Audit): void {
  const out = (line = '') => process.stdout.write(`${line}\n`);
  out(`${file}: ${criteria} criteria with labels by ${reference}`);
  const columns = [
    ...graders.map(({ name, pooled, categories }) => ({ name, pooled, categories })),
    ...(physicians ? [{ name: 'physicians among themselves', ...physicians }] : []),
  ];
  for (const { name, pooled } of columns) {
    const { confusion, f1, precision, recall, pairs } = pooled.pairwise;
    const own = graders.find((grader) => grader.name === name);
    out();
    out(`${name}${own && own.ungraded > 0 ? ` (${own.ungraded} criteria ungraded, left out)` : ''}`);
    out(
      `  balanced F1 ${number(f1.balanced)}   agreement ${number(pooled.accuracy)}   kappa ${number(pooled.kappa)}   pairs ${pairs}`,
    );
    out(`  met      precision ${number(precision.met)}  recall ${number(recall.met)}  F1 ${number(f1.met)}`);
    out(`  not met  precision ${number(precision.notMet)}  recall ${number(recall.notMet)}  F1 ${number(f1.notMet)}`);
    out(
      `  says met: right ${confusion.metMet}, wrong ${confusion.metNot} · says not met: right ${confusion.notNot}, wrong ${confusion.notMet}`,
    );
  }
  if (physicians && physicians.individuals.length > 0) {
    const { individuals } = physicians;
    const middle = individuals[Math.floor(individuals.length / 2)]!;
    out(
      `  single physicians (${individuals.length}): lowest ${number(individuals[0]!.balancedF1)}, middle ${number(middle.balancedF1)}, highest ${number(individuals.at(-1)!.balancedF1)}`,
    );
  }
  const categories = [
    ...new Set(columns.flatMap((column) => column.categories.map(({ category }) => category))),
  ].sort();
  if (categories.length === 0) return;
  out();
  out(
    `balanced F1 by ${kind === 'metaEval' ? 'category' : 'sign of the points'} (pairs): ${columns.map(({ name }) => name).join(' | ')}`,
  );
  const width = Math.max(...categories.map(({ length }) => length));
  const cell = (own: AgreementReport | undefined) =>
    own ? `${number(own.pairwise.f1.balanced)} (${own.pairwise.pairs})` : '     –';
  for (const category of categories) {
    const cells = columns.map((column) => cell(column.categories.find((own) => own.category === category)));
    out(`  ${category.padEnd(width)}  ${cells.join(' | ')}`);
  }
}
