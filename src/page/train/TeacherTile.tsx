import type { StepMetrics } from '../../domain/metrics/metrics';
import { seriesOf } from '../charts/metricsTable';
import { formatMetric, formatNumber, plural } from '../shell/format';
import { Help } from '../shell/Help';
import styles from './train.module.css';

const total = (
  metrics: readonly StepMetrics[],
  key: 'teacher/cost' | 'teacher/requests' | 'teacher/tokens' | 'teacher/retries',
) => seriesOf(metrics, key).reduce<number>((sum, value) => sum + (value ?? 0), 0);

/** What the teacher was asked and what that cost, over the whole run. Nothing in a run that sends nothing anywhere. */
export function TeacherTile({ metrics }: { metrics: readonly StepMetrics[] }) {
  const requests = total(metrics, 'teacher/requests');
  if (requests === 0) return null;
  const again = total(metrics, 'teacher/retries');
  return (
    <div className={styles.tile}>
      <span className="soft small">
        Cost of the teacher{' '}
        <Help title="the cost of the teacher">
          Of the whole run: the tokens that the teacher counted, times the prices that you gave, in their currency. 0
          without prices. What the provider charges may differ.
        </Help>
      </span>
      <span className={styles.value}>{formatNumber(total(metrics, 'teacher/cost'))}</span>
      <span className="soft small tabular">
        {plural(requests, 'request')}
        {again > 0 && `, ${again} of them sent again`} · {formatMetric(total(metrics, 'teacher/tokens'), 'tokens')}{' '}
        tokens
      </span>
    </div>
  );
}
