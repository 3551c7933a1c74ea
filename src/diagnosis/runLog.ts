import type { MetricKey, StepMetrics } from '../domain/metrics/metrics';
import type { Recipe } from '../domain/recipe/recipe';
import { change, type Points, pointsOf, recent } from './points';

/** A run as the checks see it. */
export interface RunLog {
  readonly metrics: readonly StepMetrics[];
  /** The run's recipe, if known: limits and grader. */
  readonly config: Recipe | null;
  /** Finite values of a metric in order of step. */
  of(key: MetricKey): Points;
}

export function runLog(metrics: readonly StepMetrics[], config: Recipe | null): RunLog {
  const known = new Map<MetricKey, Points>();
  return {
    metrics,
    config,
    of(key) {
      const points = known.get(key) ?? pointsOf(metrics, key);
      known.set(key, points);
      return points;
    },
  };
}

/** Agreement with the truth from which a grader is not to blame: above what always saying no reaches on the samples. */
const RIGHT = 0.9;

/** Whether the truth is known, and the grader agrees with it and does not agree less and less. */
export function graderIsRight({ of }: RunLog): boolean {
  const points = of('grader/true_agreement');
  return (recent(points, 5, 1) ?? 0) >= RIGHT && (change(points)?.by ?? 0) > -0.05;
}

/** Whether the trained model gives some or all rewards: only then can a lenient grader do harm. */
export const gradesItself = ({ config }: RunLog): boolean =>
  config === null || config.grader.kind === 'self' || config.grader.kind === 'mixed';
