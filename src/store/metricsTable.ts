import { METRICS, type MetricKey, type StepMetrics } from '../config/metrics';
import type { Series } from './series';

export const seriesOf = (metrics: readonly StepMetrics[], key: MetricKey): Series =>
  metrics.map((row) => {
    const value = row[key];
    return value === null || value === undefined || !Number.isFinite(value) ? null : value;
  });

export const stepsOf = (metrics: readonly StepMetrics[]): number[] => metrics.map(({ step }) => step);

export const hasValues = (series: Series): boolean => series.some((value) => value !== null);

/** Columns `step` and the given log keys; empty cells where a number does not exist. */
export function metricsCsv(metrics: readonly StepMetrics[], keys: readonly MetricKey[]): string {
  const rows = metrics.map((row) => [row.step, ...keys.map((key) => row[key] ?? '')].join(','));
  return `${[['step', ...keys].join(','), ...rows].join('\n')}\n`;
}

export const METRIC_KEYS = Object.keys(METRICS) as MetricKey[];
