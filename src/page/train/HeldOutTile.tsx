import { METRICS, type StepMetrics } from '../../domain/metrics/metrics';
import { formatChange, formatMetric } from '../shell/format';
import { Help } from '../shell/Help';
import styles from './train.module.css';

/**
 * The newest evaluation on held-out prompts with its interval, and the change since the first. Nothing before the
 * first.
 */
export function HeldOutTile({ metrics }: { metrics: readonly StepMetrics[] }) {
  const evaluated = metrics.filter((line) => (line['eval/frozen_score'] ?? null) !== null);
  const [first, last] = [evaluated[0], evaluated.at(-1)];
  if (!first || !last) return null;
  const { title, help } = METRICS['eval/frozen_score'];
  const [start, now] = [first['eval/frozen_score']!, last['eval/frozen_score']!];
  const [low, high] = [last['eval/score_low'], last['eval/score_high']].map((value) => formatMetric(value, ''));
  return (
    <div className={styles.tile}>
      <span className="soft small">
        {title}{' '}
        <Help title={title}>
          {help} Shown: the evaluation after step {last.step}, and the change since step {first.step}.
        </Help>
      </span>
      <span className={styles.value}>{formatMetric(now, '')}</span>
      <span className="soft small tabular">
        95 % {low} to {high}
        {evaluated.length > 1 && ` · from ${formatMetric(start, '')}, ${formatChange(now - start, '')}`}
      </span>
    </div>
  );
}
