import { expect, it } from 'vitest';
import { METRIC_KEYS, metricsCsv } from '../../domain/metrics/metricsCsv';
import { fakeMetrics } from '../test/fakeRun';
import { csvFile } from './csvFile';

it('writes what metricsCsv writes, over several tasks', async () => {
  const metrics = Array.from({ length: 700 }, (_, i) => fakeMetrics(i + 1));
  let tasks = 0;
  const counting = setInterval(() => tasks++);
  const file = await csvFile(metrics, METRIC_KEYS);
  clearInterval(counting);
  expect(await file.text()).toBe(metricsCsv(metrics, METRIC_KEYS));
  expect(tasks).toBeGreaterThan(1);
});
