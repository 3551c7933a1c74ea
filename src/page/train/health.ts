import { CUT_OFF_LIMIT } from '../../diagnosis/answers';
import { tooEarlyUntil } from '../../diagnosis/diagnose';
import type { Finding } from '../../diagnosis/finding';
import { LOGPROB_LIMIT } from '../../diagnosis/optimization';
import { UNGRADED_LIMIT } from '../../diagnosis/verdicts';
import type { MetricKey, StepMetrics } from '../../domain/metrics/metrics';
import { mean } from '../charts/series';
import { formatNumber, formatShare } from '../shell/format';

/** The diagnosis of a run, and the numbers that look right. */
export interface Health {
  /** Worst first. */
  readonly findings: readonly Finding[];
  /** In words, e.g. "ungraded 0.4 %". None that a finding covers. */
  readonly fine: readonly string[];
  /** Step at which a run without findings may be called sound; null when it can be told. */
  readonly tooEarlyUntil: number | null;
}

const RECENT = 3;

export function healthOf(metrics: readonly StepMetrics[], findings: readonly Finding[]): Health {
  const recent = metrics.slice(-RECENT);
  const now = (key: MetricKey): number | null => mean(recent.map((row) => row[key] ?? null));
  const difference = now('sampling/sampling_logp_difference/mean');
  const [entropy, ungraded, cutOff] = [now('entropy'), now('grader/ungraded'), now('completions/clipped_ratio')];
  const found = new Set(findings.flatMap(({ id, consequences }) => [id, ...consequences.map((other) => other.id)]));
  const fine = [
    difference !== null && difference <= LOGPROB_LIMIT && `logprobs agree to ${formatNumber(difference)}`,
    entropy !== null && !found.has('entropy') && `entropy ${formatNumber(entropy)}`,
    ungraded !== null && ungraded <= UNGRADED_LIMIT && `ungraded ${formatShare(ungraded)}`,
    cutOff !== null && cutOff <= CUT_OFF_LIMIT && `cut off ${formatShare(cutOff)}`,
  ].filter((text) => text !== false);
  return { findings, fine, tooEarlyUntil: tooEarlyUntil(metrics) };
}
