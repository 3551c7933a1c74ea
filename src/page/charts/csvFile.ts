import type { MetricKey, StepMetrics } from '../../domain/metrics/metrics';
import { csvHead, csvLines } from '../../domain/metrics/metricsCsv';

/** Numbers written per task: about 5 ms. */
const NUMBERS = 20_000;

/** metricsCsv as a file, written in several tasks: all numbers of a long run in one would hold up the page. */
export async function csvFile(metrics: readonly StepMetrics[], keys: readonly MetricKey[]): Promise<Blob> {
  const parts = [csvHead(keys)];
  const rows = Math.ceil(NUMBERS / (keys.length + 1));
  for (let from = 0; from < metrics.length; from += rows) {
    parts.push(csvLines(metrics.slice(from, from + rows), keys));
    await new Promise((resolve) => setTimeout(resolve));
  }
  return new Blob(parts, { type: 'text/csv' });
}
