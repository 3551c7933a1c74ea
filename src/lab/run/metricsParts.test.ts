import { expect, it } from 'vitest';
import type { StepMetrics } from '../../domain/metrics/metrics';
import type { OpenedRun } from '../../protocol/requests';
import { sendInParts } from './metricsParts';

const run = (steps: number): OpenedRun => ({
  run: {} as OpenedRun['run'],
  metrics: Array.from({ length: steps }, (_, i) => ({ step: i + 1 }) as StepMetrics),
  warmStart: [],
});

it.each([0, 1, 250, 251, 500, 1001])('sends every one of %i steps once, in order, at most 250 at a time', (steps) => {
  const parts: (readonly StepMetrics[])[] = [];
  const { metrics } = sendInParts(run(steps), (part) => parts.push(part.metrics));
  parts.push(metrics);
  expect(parts.flat().map(({ step }) => step)).toEqual(Array.from({ length: steps }, (_, i) => i + 1));
  for (const part of parts) expect(part.length).toBeLessThanOrEqual(250);
});
