import type { Audit } from '../auditSummary';
import { type Html, html } from './html';
import { change, interval, score, whole } from './numbers';

/** The grader after training against the one before, on the same criteria. Empty with one grader. */
export function auditChangeSection({ change: found, graders }: Audit): Html {
  if (!found) return html``;
  const { criteria, before, after, difference, interval: range, gained, lost } = found;
  const [first, second] = graders;
  const spread =
    range === null
      ? 'too few prompts for an interval'
      : `95 %: ${interval(range)}; ${range[0] > 0 || range[1] < 0 ? 'does not contain 0' : 'contains 0, so no difference is shown'}`;
  return html`<h2>Before and after training, on the same criteria</h2>
<p>On the ${whole(criteria)} criteria that both graded: balanced F1 ${score(before.pairwise.f1.balanced)} (${first!.name}) → ${score(after.pairwise.f1.balanced)} (${second!.name}), difference <strong>${change(difference ?? Number.NaN)}</strong> (${spread}). Of ${whole(after.pairwise.pairs)} pairs, ${whole(gained)} changed to correct and ${whole(lost)} to wrong.</p>`;
}
