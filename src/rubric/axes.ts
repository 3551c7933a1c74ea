import type { Verdict } from './verdict';

interface Judged {
  readonly points: number;
  readonly tags: readonly string[];
  readonly verdict: Verdict;
}

/**
 * Share of an axis's criteria that speak for the answers: met where points are positive, not met where they are negative. Ungraded ones are left
 * out. Null when there is none. HealthBench tags its criteria `axis:completeness`, `axis:accuracy` and so on.
 */
export function axisRate(criteria: Iterable<Judged>, axis: string): number | null {
  let [good, all] = [0, 0];
  for (const { points, tags, verdict } of criteria) {
    if (verdict === 'ungraded' || !tags.includes(`axis:${axis}`)) continue;
    all++;
    if ((verdict === 'met') === points > 0) good++;
  }
  return all === 0 ? null : good / all;
}
