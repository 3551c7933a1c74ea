import type { Evaluation } from '../evaluationSummary';
import { type Html, html } from './html';
import { change, interval, points, score, share, whole } from './numbers';

const MOST_FLIPS = 200;

/** The comparison with a baseline on the same prompts, paired. Empty without one. */
export function comparisonSection({ comparison, overall, length, about }: Evaluation): Html {
  if (!comparison) return html``;
  const { baseline, paired, flips, sameGrader } = comparison;
  const { wins, ties, losses, prompts } = paired;
  const clear = paired.interval[0] > 0 || paired.interval[1] < 0;
  return html`<h2>Compared with ${baseline.model}</h2>
${!sameGrader && html`<p class="harm">⚠ ${baseline.grader} graded the baseline and ${about.grader} this model: the difference mixes answers and graders.</p>`}
<p>Score ${score(comparison.score.mean)} → ${score(overall.mean)} · difference on the same prompts <strong>${change(paired.difference)}</strong> (95 %: ${interval(paired.interval)}; ${clear ? 'does not contain 0' : 'contains 0, so no difference is shown'}) · better on ${whole(wins)}, equal on ${whole(ties)}, worse on ${whole(losses)} of ${whole(prompts)} prompts · mean length ${whole(comparison.length)} → ${whole(length.mean)} ${length.unit}</p>
${
  flips.length > 0 &&
  html`<h3>Criteria that changed verdict: ${whole(flips.filter(({ better }) => better).length)} for the better, ${whole(flips.filter(({ better }) => !better).length)} for the worse</h3>
<table><caption>Criteria that most answers met before and not after, or vice versa. Graded by ${about.grader}.</caption><thead><tr><th></th><th class="n">Before</th><th class="n">After</th><th class="n">Points</th><th>Criterion</th><th>Prompt</th></tr></thead><tbody>
${flips.slice(0, MOST_FLIPS).map((flip) => html`<tr><td class="${flip.better ? 'met' : 'harm'}">${flip.better ? '▲ better' : '▼ worse'}</td><td class="n">${share(flip.before)}</td><td class="n">${share(flip.after)}</td><td class="n">${points(flip.points)}</td><td>${flip.criterion}</td><td class="small soft">${flip.promptId}</td></tr>`)}
</tbody></table>`
}`;
}
