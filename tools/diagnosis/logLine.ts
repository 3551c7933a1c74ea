import type { StepMetrics } from '../../src/domain/metrics/metrics';

/** Of a step's numbers, those that no check reads. */
const UNREAD =
  /^reward\/m|^reward\/shaped|_length$(?<!median_length|p90_length)|probe\/(yes|unsure|ungraded)|yes_rate_positive|^loss|^learning_rate|time|^num_/;

/** A line of a recorded log for the diagnosis: without what does not exist or is not read, at three digits. */
export function logLine(row: StepMetrics): string {
  const known = Object.entries(row).filter(([key, value]) => value !== null && !UNREAD.test(key));
  const line = JSON.stringify(Object.fromEntries(known), (_, value) =>
    typeof value === 'number' ? Number(value.toPrecision(3)) : value,
  );
  return `${line}\n`;
}
