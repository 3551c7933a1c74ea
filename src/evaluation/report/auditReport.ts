import { median } from '../../domain/statistics';
import type { AgreementReport, AuditedGrader } from '../audit';
import type { Audit } from '../auditSummary';
import { auditChangeSection } from './auditChangeSection';
import { type Html, html } from './html';
import { change, score, share, whole } from './numbers';
import { styleElement } from './style';

/** A column of the tables: a grader, or physicians among themselves. */
interface Column {
  readonly name: string;
  readonly pooled: AgreementReport;
  readonly categories: readonly AgreementReport[];
}

/** An audit as a standalone page: no requests, no scripts, all text escaped. For light and dark, screen and paper. */
export function auditReport(audit: Audit): string {
  const { graders, physicians, reference, file, criteria, madeAt } = audit;
  const columns: Column[] = [
    ...graders,
    ...(physicians ? [{ name: 'physicians among themselves', ...physicians }] : []),
  ];
  const names = graders.map(({ name }) => name).join(' and ');
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Audit of ${names} on ${file}</title>${styleElement}</head><body>
<h1>Is the grader right?</h1>
<p class="soft">${file} · ${whole(criteria)} criteria with labels by ${reference} · ${madeAt.slice(0, 10)}</p>
<p>Every verdict of the grader is paired with every label of the same criterion by ${reference}. Balanced F1 is the mean of the F1 for “met” and the F1 for “not met”: 1 is perfect, and always saying “met” scores low.</p>
${tiles(audit)}
${verdictInWords(audit)}
${auditChangeSection(audit)}
${pooledTable(columns, graders.length === 2)}
${graders.map((grader) => confusion(grader, reference))}
${categoryTable(columns, graders.length === 2)}
${physicianSection(audit)}
<p class="soft small">Pairs and F1 as in simple-evals’ meta-evaluation of HealthBench. Ungraded criteria are not in any pair. Physicians’ labels can be wrong too. For research only. Not medical advice.</p>
</body></html>
`.text;
}

function tiles({ graders, physicians }: Audit): Html {
  const tile = (title: string, { pairwise }: AgreementReport) =>
    html`<div class="tile"><span class="soft small">${title}</span><span class="big">${score(pairwise.f1.balanced)}</span><span class="soft small">balanced F1, n = ${whole(pairwise.pairs)} pairs</span></div>`;
  return html`<div class="head">${graders.map(({ name, pooled }) => tile(name, pooled))}${physicians && tile('Physicians among themselves', physicians.pooled)}</div>`;
}

/** The last grader compared with the physicians' own agreement. */
function verdictInWords({ graders, physicians }: Audit): Html {
  const last = graders.at(-1);
  const own = last?.pooled.pairwise.f1.balanced ?? null;
  const theirs = physicians?.pooled.pairwise.f1.balanced ?? null;
  if (!last || own === null || theirs === null) return html``;
  const difference = own - theirs;
  const words =
    Math.abs(difference) < 0.005
      ? 'agrees with physicians as well as they agree with each other'
      : difference < 0
        ? 'agrees with physicians less than they agree with each other'
        : 'agrees with physicians more than they agree with each other';
  return html`<p><strong>${last.name}</strong> ${words}: balanced F1 ${score(own)} against ${score(theirs)} (${change(difference)}).</p>`;
}

const MEASURES: readonly { title: string; of: (own: AgreementReport) => number | null }[] = [
  { title: 'Balanced F1', of: ({ pairwise }) => pairwise.f1.balanced },
  { title: 'F1 of “met”', of: ({ pairwise }) => pairwise.f1.met },
  { title: 'precision of “met”', of: ({ pairwise }) => pairwise.precision.met },
  { title: 'recall of “met”', of: ({ pairwise }) => pairwise.recall.met },
  { title: 'F1 of “not met”', of: ({ pairwise }) => pairwise.f1.notMet },
  { title: 'precision of “not met”', of: ({ pairwise }) => pairwise.precision.notMet },
  { title: 'recall of “not met”', of: ({ pairwise }) => pairwise.recall.notMet },
  { title: 'Agreement (pairs)', of: ({ accuracy }) => accuracy },
  { title: 'Cohen’s kappa', of: ({ kappa }) => kappa },
];
const difference = (after: number | null | undefined, before: number | null | undefined) =>
  change((after ?? Number.NaN) - (before ?? Number.NaN));

function pooledTable(columns: readonly Column[], two: boolean): Html {
  return html`<h2>All criteria together</h2><table><caption>Kappa: 0 is chance, 1 is perfect. A dash: one side never gives this verdict.</caption><thead><tr><th>Measure</th>${columns.map(({ name }) => html`<th class="n">${name}</th>`)}${two && html`<th class="n">after − before</th>`}</tr></thead><tbody>
${MEASURES.map(({ title, of }) => {
  const own = columns.map(({ pooled }) => of(pooled));
  return html`<tr><td>${title}</td>${own.map((value) => html`<td class="n">${score(value)}</td>`)}${two && html`<td class="n">${difference(own[1], own[0])}</td>`}</tr>`;
})}
<tr><td>Pairs</td>${columns.map(({ pooled }) => html`<td class="n">${whole(pooled.pairwise.pairs)}</td>`)}${two && html`<td></td>`}</tr>
</tbody></table>`;
}

function confusion({ name, pooled, ungraded }: AuditedGrader, reference: string): Html {
  const { confusion: own, pairs } = pooled.pairwise;
  const cell = (count: number, right: boolean) =>
    html`<td class="n ${right ? 'met' : 'harm'}">${whole(count)} ${right ? '✓' : '✕'} <span class="soft">${share(pairs === 0 ? null : count / pairs)}</span></td>`;
  return html`<h2>Confusion matrix of ${name}</h2><table><caption>Pairs of ${whole(pairs)}: ✓ agree, ✕ disagree.${ungraded > 0 && ` ${whole(ungraded)} criteria are ungraded and not in any pair.`}</caption><thead><tr><th></th><th class="n">${reference}: met</th><th class="n">${reference}: not met</th></tr></thead><tbody>
<tr><td>grader: met</td>${cell(own.metMet, true)}${cell(own.metNot, false)}</tr>
<tr><td>grader: not met</td>${cell(own.notMet, false)}${cell(own.notNot, true)}</tr>
</tbody></table>`;
}

function categoryTable(columns: readonly Column[], two: boolean): Html {
  const names = [...new Set(columns.flatMap((own) => own.categories.map(({ category }) => category)))].sort();
  if (names.length < 2) return html``;
  const row = (category: string) => {
    const own = columns.map((column) => column.categories.find((one) => one.category === category)?.pairwise);
    const [before, after] = own;
    return html`<tr><td>${category.replace(/^cluster:/, '').replaceAll('_', ' ')}</td>${own.map((found) => html`<td class="n">${found ? score(found.f1.balanced) : '–'}${found && html` <span class="soft">${whole(found.pairs)}</span>`}</td>`)}${two && html`<td class="n">${difference(after?.f1.balanced, before?.f1.balanced)}</td>`}</tr>`;
  };
  return html`<h2>By category</h2><table><caption>Balanced F1, with the number of pairs in gray. Few pairs say little.</caption><thead><tr><th>Category</th>${columns.map(({ name }) => html`<th class="n">${name}</th>`)}${two && html`<th class="n">after − before</th>`}</tr></thead><tbody>
${names.map(row)}
</tbody></table>`;
}

function physicianSection({ physicians }: Audit): Html {
  const own = physicians?.individuals ?? [];
  if (own.length === 0) return html``;
  return html`<h2>Single physicians</h2><p class="soft">Each against the others on the same rows, lowest first.</p><details><summary>${whole(own.length)} physicians: balanced F1 ${score(own[0]!.balancedF1)} to ${score(own.at(-1)!.balancedF1)}, median ${score(median(own.map(({ balancedF1 }) => balancedF1)))}</summary><table><thead><tr><th class="n">Balanced F1</th><th class="n">Pairs</th></tr></thead><tbody>${own.map(({ balancedF1, pairs }) => html`<tr><td class="n">${score(balancedF1)}</td><td class="n">${whole(pairs)}</td></tr>`)}</tbody></table></details>`;
}
