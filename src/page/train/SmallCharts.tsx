import type { StepMetrics } from '../../domain/metrics/metrics';
import { MetricChart } from '../charts/MetricChart';
import { TimeChart } from '../charts/TimeChart';
import { metricCharts } from './metricCharts';
import styles from './train.module.css';

const SIZE = { height: 118, points: 120 };

const CHARTS = metricCharts('run');

export function SmallCharts({ metrics }: { metrics: readonly StepMetrics[] }) {
  return (
    <div className={styles.small}>
      {CHARTS.map(({ title, spec }) => (
        <MetricChart key={title} metrics={metrics} title={title} spec={spec} {...SIZE} optional />
      ))}
      <TimeChart metrics={metrics} {...SIZE} />
    </div>
  );
}
