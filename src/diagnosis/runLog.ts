import type { MetricKey, StepMetrics } from '../domain/metrics/metrics';
import type { Recipe } from '../domain/recipe/recipe';
import { type Points, pointsOf } from './points';

/** A run as the checks see it. */
export interface RunLog {
  readonly metrics: readonly StepMetrics[];
  /** The run's recipe where it is known: limits and who grades. */
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

/** Whether the model that is trained gives the rewards, or some of them: only then is a softer grader a danger. */
export const gradesItself = ({ config }: RunLog): boolean =>
  config === null || config.grader.kind === 'self' || config.grader.kind === 'mixed';
