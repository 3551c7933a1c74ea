import type { StepMetrics } from '../../domain/metrics/metrics';
import { MetricChart } from '../charts/MetricChart';
import type { PlotSpec } from '../charts/plots';
import { TimeChart } from '../charts/TimeChart';
import styles from './train.module.css';

const SIZE = { height: 118, points: 120 };

const CHARTS: readonly { title: string; spec: PlotSpec }[] = [
  { title: 'Entropy', spec: { lines: [{ key: 'entropy', hue: 'blue' }] } },
  { title: 'KL to the start', spec: { lines: [{ key: 'kl', hue: 'blue' }] } },
  { title: 'Clipped tokens', spec: { lines: [{ key: 'clip_ratio/region_mean', hue: 'blue' }] } },
  { title: 'Gradient norm', spec: { lines: [{ key: 'grad_norm', hue: 'blue' }] } },
  {
    title: 'Grader says yes',
    spec: {
      lines: [
        { key: 'grader/yes_rate_positive', hue: 'blue', label: 'to good criteria' },
        { key: 'grader/yes_rate_negative', hue: 'orange', label: 'to harms' },
      ],
    },
  },
  { title: 'Grader agrees with truth', spec: { lines: [{ key: 'grader/true_agreement', hue: 'green' }] } },
  { title: 'Equal groups', spec: { lines: [{ key: 'frac_reward_zero_std', hue: 'blue' }] } },
  { title: 'Ungraded', spec: { lines: [{ key: 'grader/ungraded', hue: 'purple' }] } },
  { title: 'Cut off', spec: { lines: [{ key: 'completions/clipped_ratio', hue: 'blue' }] } },
];

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
