import type { MetricKey, StepMetrics } from '../../domain/metrics/metrics';
import type { Series } from './series';

/** Columns of the newest arrays of metrics: charts and tiles ask for the same ones again and again. */
const columns = new WeakMap<readonly StepMetrics[], Map<MetricKey, Series>>();

/** (n) The finite values of a metric by step, null elsewhere. */
export function seriesOf(metrics: readonly StepMetrics[], key: MetricKey): Series {
  const known = columns.get(metrics) ?? new Map<MetricKey, Series>();
  columns.set(metrics, known);
  const series = known.get(key) ?? metrics.map((row) => finite(row[key]));
  known.set(key, series);
  return series;
}

const finite = (value: number | null | undefined): number | null =>
  value === null || value === undefined || !Number.isFinite(value) ? null : value;

export const stepsOf = (metrics: readonly StepMetrics[]): number[] => metrics.map(({ step }) => step);

export const hasValues = (series: Series): boolean => series.some((value) => value !== null);
