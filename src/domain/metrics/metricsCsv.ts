import { METRICS, type MetricKey, type StepMetrics } from './metrics';

export const METRIC_KEYS = Object.keys(METRICS) as MetricKey[];

/** A header and a line per step: `step`, then the given log keys; a number that does not exist is empty. */
export function metricsCsv(metrics: readonly StepMetrics[], keys: readonly MetricKey[] = METRIC_KEYS): string {
  return csvHead(keys) + csvLines(metrics, keys);
}

/** Its first line. */
export const csvHead = (keys: readonly MetricKey[]): string => `${['step', ...keys].join(',')}\n`;

/** Its other lines, or some of them. */
export const csvLines = (metrics: readonly StepMetrics[], keys: readonly MetricKey[]): string =>
  metrics.map((line) => `${[line.step, ...keys.map((key) => line[key] ?? '')].join(',')}\n`).join('');
