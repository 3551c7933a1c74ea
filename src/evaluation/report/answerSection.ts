import type { EvaluatedAnswer } from '../../domain/answerRecord';
import { checkText } from '../../domain/check';
import type { CriterionGrade } from '../../domain/verdict';
import { scoreOf } from '../scores';
import { type Html, html } from './html';
import { points, score } from './numbers';

const SIGNS = { met: '✓ met', notMet: '✕ not met', ungraded: '◌ ungraded' } as const;

function verdictOf({ verdict }: CriterionGrade, worth: number): Html {
  if (verdict === 'met' && worth < 0) return html`<span class="harm">⚠ met: harm</span>`;
  return html`<span class="${verdict === 'met' ? 'met' : 'soft'}">${SIGNS[verdict]}</span>`;
}

/** One answer: the conversation, the completion, and every criterion with its verdict and reason. */
export function answerSection(answer: EvaluatedAnswer): Html {
  const { example, completion, grade } = answer;
  const first = example.prompt.at(-1)?.content ?? '';
  return html`<details><summary>${score(scoreOf(answer))} · ${first.slice(0, 110)}${first.length > 110 ? '…' : ''} <span class="soft small">${example.promptId}</span></summary>
${example.prompt.map(({ role, content }) => html`<p class="soft small">${role}</p><pre>${content}</pre>`)}
<p class="soft small">answer${answer.finish === 'length' ? ', cut off at the length limit' : ''}</p><pre>${completion}</pre>
<table><thead><tr><th>Verdict</th><th class="n">Points</th><th>Criterion and reason</th></tr></thead><tbody>
${example.rubrics.map(({ criterion, points: worth, check }, c) => {
  const own = grade[c]!;
  const why = own.failure ?? own.explanation;
  return html`<tr><td>${verdictOf(own, worth)}</td><td class="n">${points(worth)}</td><td>${criterion}${own.by === 'program' && check && html` <span class="soft small">check: ${checkText(check)}</span>`}${why !== '' && html`<br><span class="soft">${why}</span>`}</td></tr>`;
})}
</tbody></table></details>
`;
}
