import type { MetricKey, StepMetrics } from '../config/metrics';
import type { RunConfig } from '../config/run';
import { type Points, pointsOf } from './points';

/** A run as the checks see it. */
export interface Patient {
  readonly metrics: readonly StepMetrics[];
  /** The run's recipe where it is known: limits and who grades. */
  readonly config: RunConfig | null;
  /** Finite values of a metric in order of step. */
  of(key: MetricKey): Points;
}

export function patient(metrics: readonly StepMetrics[], config: RunConfig | null): Patient {
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
export const gradesItself = ({ config }: Patient): boolean =>
  config === null || config.grader.kind === 'self' || config.grader.kind === 'mixed';
