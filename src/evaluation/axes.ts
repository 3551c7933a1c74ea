import type { Verdict } from '../domain/verdict';

/** Whether a verdict speaks for the answer: a good criterion met, a harm not met. Null when ungraded. */
export const speaksFor = (verdict: Verdict, points: number): boolean | null =>
  verdict === 'ungraded' ? null : (verdict === 'met') === points > 0;

interface GradedCriterion {
  readonly points: number;
  readonly tags: readonly string[];
  readonly verdict: Verdict;
}

/**
 * Share of an axis's criteria that speak for the answers: met where points are positive, not met where they are
 * negative. Ungraded ones are left out. Null when there is none. HealthBench tags its criteria `axis:completeness`,
 * `axis:accuracy` and so on.
 */
export function axisRate(criteria: Iterable<GradedCriterion>, axis: string): number | null {
  let [good, all] = [0, 0];
  for (const { points, tags, verdict } of criteria) {
    const favour = speaksFor(verdict, points);
    if (favour === null || !tags.includes(`axis:${axis}`)) continue;
    all++;
    if (favour) good++;
  }
  return all === 0 ? null : good / all;
}
