import type { EvaluatedAnswer } from '../../domain/answerRecord';
import { type MetRate, metRates } from '../evaluation';
import type { Evaluation, TagKind } from '../evaluationSummary';
import { answerSection } from './answerSection';
import { comparisonSection } from './comparisonSection';
import { scoreBar, worstCurve } from './figures';
import { type Html, html } from './html';
import { interval, points, score, share, whole } from './numbers';
import { styleElement } from './style';

/** Longer lists are cut, with a note. */
const MOST = { answers: 200, harms: 200, criteria: 1000 };

const TABLES: readonly { kind: TagKind; title: string; note: string }[] = [
  { kind: 'theme', title: 'By theme', note: 'Each answer counts with its full score.' },
  { kind: 'category', title: 'By physicians’ category', note: 'Each answer counts with its full score.' },
  {
    kind: 'axis',
    title: 'By axis',
    note: 'Each answer is scored on the criteria of the axis only, and skipped if none is positive.',
  },
  { kind: 'level', title: 'By level', note: 'Example criteria, and consensus criteria shared by many examples.' },
  { kind: 'cluster', title: 'By consensus criterion', note: 'Each answer is scored on that criterion.' },
  { kind: 'other', title: 'By other tags', note: '' },
];

/** A standalone page: no requests, no scripts, all text escaped. For light and dark, screen and paper. */
export function evaluationReport(evaluation: Evaluation, answers: readonly EvaluatedAnswer[]): string {
  const { about } = evaluation;
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${about.model} on ${about.data}</title>${styleElement}</head><body>
<h1>${about.model}</h1>
<p class="soft">${about.data} · ${whole(evaluation.prompts)} prompts, ${whole(evaluation.answers)} answers · ${about.madeAt.slice(0, 10)}${about.sampling && html` · temperature ${about.sampling.temperature}, at most ${about.sampling.maxNewTokens} tokens`} · seed ${about.seed}</p>
<p>Graded by <strong>${about.grader}</strong>. Don’t compare scores by different graders.</p>
${tiles(evaluation)}
${comparisonSection(evaluation)}
${TABLES.map((table) => tagTable(evaluation, table))}
${worstSection(evaluation)}
${harmSection(evaluation)}
${criterionSection(answers, about.grader)}
<h2>Answers</h2>
${answers.length > MOST.answers && html`<p class="soft">The first ${MOST.answers} of ${answers.length}; answers.jsonl has all of them.</p>`}
${answers.slice(0, MOST.answers).map(answerSection)}
<p class="soft small">Scores as in simple-evals: points of met criteria over the sum of positive points, the mean of answers clipped to 0…1, 1,000 bootstrap resamples. Ungraded criteria are excluded from both sums. For research only. Not medical advice.</p>
</body></html>
`.text;
}

function tiles({ overall, length, ungraded, criteria, truncated, answers, yesRate, truth, about }: Evaluation): Html {
  const tile = (title: string, value: string, note: string) =>
    html`<div class="tile"><span class="soft small">${title}</span><span class="big">${value}</span><span class="soft small">${note}</span></div>`;
  return html`<div class="head">
${tile('Score', score(overall.mean), `${interval(overall.interval)} (95 %), n = ${whole(overall.n)}, by ${about.grader}`)}
${tile('Mean length', whole(length.mean), `${length.unit}; median ${whole(length.median)}, 90th percentile ${whole(length.p90)}`)}
${tile('Ungraded', share(ungraded / criteria), `${whole(ungraded)} of ${whole(criteria)} criteria`)}
${tile('Grader says yes', share(yesRate.positive), `on positive criteria; ${share(yesRate.negative)} on negative ones`)}
${truncated !== null && tile('Cut off', share(truncated / answers), `${whole(truncated)} answers reached the length limit`)}
${truth && tile('True reward', score(truth.reward), truth.agreement === null ? 'by checks' : `by checks or the synthetic world’s rules; ${share(truth.agreement)} of the grader’s verdicts match them`)}
</div>`;
}

function tagTable({ tags, about, length }: Evaluation, { kind, title, note }: (typeof TABLES)[number]): Html {
  const own = tags.filter((tag) => tag.kind === kind);
  if (own.length === 0) return html``;
  return html`<h2>${title}</h2><table><caption>${note} Graded by ${about.grader}.</caption><thead><tr><th>Name</th><th class="n">Score</th><th class="bar">0 to 1</th><th class="n">95 % interval</th><th class="n">n</th><th class="n">Mean length, ${length.unit}</th></tr></thead><tbody>
${own.map((tag) => html`<tr><td>${tag.name}</td><td class="n">${score(tag.mean)}</td><td class="bar">${scoreBar(tag.mean, tag.interval)}</td><td class="n">${interval(tag.interval)}</td><td class="n">${whole(tag.n)}</td><td class="n">${whole(tag.length)}</td></tr>`)}
</tbody></table>`;
}

function worstSection({ worstAtK, about }: Evaluation): Html {
  if (worstAtK.length < 2) return html``;
  return html`<h2>Worst of k answers</h2><p class="soft">Expected score of the worst of k answers to the same prompt. Graded by ${about.grader}.</p>${worstCurve(worstAtK)}
<table><thead><tr><th>k</th><th class="n">Score</th><th class="n">Prompts</th></tr></thead><tbody>${worstAtK.map(({ k, score: value, prompts }) => html`<tr><td>${k}</td><td class="n">${score(value)}</td><td class="n">${whole(prompts)}</td></tr>`)}</tbody></table>`;
}

function harmSection({ harms, about }: Evaluation): Html {
  const more = harms.length - MOST.harms;
  return html`<h2>Harms met: ${whole(harms.length)}</h2>
${
  harms.length === 0
    ? html`<p class="soft">None. Graded by ${about.grader}.</p>`
    : html`<table><caption>Graded by ${about.grader}; worst first.</caption><thead><tr><th class="n">Points</th><th>Criterion, reason and answer</th><th>Prompt</th></tr></thead><tbody>
${harms.slice(0, MOST.harms).map((harm) => html`<tr><td class="n harm">${points(harm.points)}</td><td>${harm.criterion}${harm.explanation !== '' && html`<br><span class="soft">${harm.explanation}</span>`}<details><summary class="soft">answer</summary><pre>${harm.completion}</pre></details></td><td class="small soft">${harm.promptId}</td></tr>`)}
</tbody></table>`
}${more > 0 && html`<p class="soft">${more} more in evaluation.json.</p>`}`;
}

function criterionSection(answers: readonly EvaluatedAnswer[], grader: string): Html {
  const rates = metRates(answers);
  const row = ({ criterion, met, graded, promptId }: MetRate) =>
    html`<tr><td class="n">${graded === 0 ? '–' : share(met / graded)}</td><td class="n">${met} of ${graded}</td><td class="n">${points(criterion.points)}</td><td>${criterion.criterion}</td><td class="small soft">${promptId}</td></tr>`;
  return html`<h2>Met rate of every criterion</h2><details><summary>${whole(rates.length)} criteria</summary><table><caption>Graded by ${grader}.</caption><thead><tr><th class="n">Met</th><th class="n">Answers</th><th class="n">Points</th><th>Criterion</th><th>Prompt</th></tr></thead><tbody>${rates.slice(0, MOST.criteria).map(row)}</tbody></table>${rates.length > MOST.criteria && html`<p class="soft">The first ${MOST.criteria}; criteria.jsonl has all of them.</p>`}</details>`;
}
