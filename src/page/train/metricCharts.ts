import type { MetricChart as Declared, MetricInfo } from '../../domain/metrics/metricInfo';
import { METRICS, type MetricKey } from '../../domain/metrics/metrics';
import type { PlotSpec } from '../charts/plots';

export interface ChartOfMetrics {
  readonly title: string;
  readonly spec: PlotSpec;
}

/** The charts of a row, from the declarations of the metrics. */
export function metricCharts(row: Declared['row']): ChartOfMetrics[] {
  const lines = (Object.entries(METRICS) as [MetricKey, MetricInfo][])
    .flatMap(([key, { title, chart }]) => (chart?.row === row ? [{ key, title, ...chart }] : []))
    .sort((a, b) => a.at - b.at);
  return [...new Set(lines.map(({ title }) => title))].map((title) => {
    const own = lines.filter((line) => line.title === title);
    return { title, spec: { lines: own.map(({ key, hue, label }) => ({ key, hue, ...(label && { label }) })) } };
  });
}
