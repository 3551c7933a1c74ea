import type { MetricsPart, OpenedRun } from '../../protocol/requests';

/** Steps per message: about 3 ms of the page's thread. */
const STEPS = 250;

/** Sends the steps of a long run in parts and returns the run with the last part. */
export function sendInParts(opened: OpenedRun, send: (part: MetricsPart) => void): OpenedRun {
  const { metrics } = opened;
  let from = 0;
  for (; metrics.length - from > STEPS; from += STEPS) send({ metrics: metrics.slice(from, from + STEPS) });
  return from === 0 ? opened : { ...opened, metrics: metrics.slice(from) };
}
