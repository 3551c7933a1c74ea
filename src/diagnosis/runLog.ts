import type { MetricKey, StepMetrics } from '../domain/metrics/metrics';
import type { Recipe } from '../domain/recipe/recipe';
import { type Points, pointsOf } from './points';

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

/** Whether the trained model gives some or all rewards: only then can a lenient grader do harm. */
export const gradesItself = ({ config }: RunLog): boolean =>
  config === null || config.grader.kind === 'self' || config.grader.kind === 'mixed';
