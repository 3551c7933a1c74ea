import type { StepMetrics } from '../../domain/metrics/metrics';
import { seriesOf } from '../charts/metricsTable';
import { formatMetric, formatNumber, plural } from '../shell/format';
import { Help } from '../shell/Help';
import styles from './train.module.css';

const total = (
  metrics: readonly StepMetrics[],
  key: 'teacher/cost' | 'teacher/requests' | 'teacher/tokens' | 'teacher/retries',
) => seriesOf(metrics, key).reduce<number>((sum, value) => sum + (value ?? 0), 0);

/** Requests to the teacher and their cost over the whole run. Renders nothing in a run that sends no requests. */
export function TeacherTile({ metrics }: { metrics: readonly StepMetrics[] }) {
  const requests = total(metrics, 'teacher/requests');
  if (requests === 0) return null;
  const again = total(metrics, 'teacher/retries');
  return (
    <div className={styles.tile}>
      <span className="soft small">
        Teacher cost{' '}
        <Help title="the teacher cost">
          For the whole run: the tokens that the teacher reported, times the prices that you entered, in their currency.
          0 without prices. The provider’s bill may differ.
        </Help>
      </span>
      <span className={styles.value}>{formatNumber(total(metrics, 'teacher/cost'))}</span>
      <span className="soft small tabular">
        {plural(requests, 'request')}
        {again > 0 && `, ${again} retried`} · {formatMetric(total(metrics, 'teacher/tokens'), 'tokens')} tokens
      </span>
    </div>
  );
}
