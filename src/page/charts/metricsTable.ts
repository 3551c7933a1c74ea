import type { MetricKey, StepMetrics } from '../../domain/metrics/metrics';
import type { Series } from './series';

export const seriesOf = (metrics: readonly StepMetrics[], key: MetricKey): Series =>
  metrics.map((row) => {
    const value = row[key];
    return value === null || value === undefined || !Number.isFinite(value) ? null : value;
  });

export const stepsOf = (metrics: readonly StepMetrics[]): number[] => metrics.map(({ step }) => step);

export const hasValues = (series: Series): boolean => series.some((value) => value !== null);
