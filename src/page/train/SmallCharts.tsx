import type { StepMetrics } from '../../domain/metrics/metrics';
import { MetricChart } from '../charts/MetricChart';
import type { PlotSpec } from '../charts/plots';
import { metricCharts } from './metricCharts';
import styles from './train.module.css';

const SIZE = { height: 118, points: 120 };

const CHARTS = metricCharts('run');
const TIME: PlotSpec = {
  stacked: true,
  lines: [
    { key: 'time/rollout', hue: 'blue' },
    { key: 'time/grade', hue: 'orange' },
    { key: 'time/update', hue: 'green' },
  ],
};

export function SmallCharts({ metrics }: { metrics: readonly StepMetrics[] }) {
  return (
    <div className={styles.small}>
      {CHARTS.map(({ title, spec }) => (
        <MetricChart key={title} metrics={metrics} title={title} spec={spec} {...SIZE} optional />
      ))}
      <MetricChart metrics={metrics} title="Time per step" spec={TIME} {...SIZE} optional />
    </div>
  );
}
