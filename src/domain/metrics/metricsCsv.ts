import { METRICS, type MetricKey, type StepMetrics } from './metrics';

export const METRIC_KEYS = Object.keys(METRICS) as MetricKey[];

/** A header and a line a step: `step`, then the given log keys; a number that does not exist is empty. */
export function metricsCsv(metrics: readonly StepMetrics[], keys: readonly MetricKey[] = METRIC_KEYS): string {
  const lines = metrics.map((line) => [line.step, ...keys.map((key) => line[key] ?? '')].join(','));
  return `${[['step', ...keys].join(','), ...lines].join('\n')}\n`;
}
