import { useMemo } from 'react';
import type { StepMetrics } from '../../domain/metrics/metrics';
import { MetricChart } from '../charts/MetricChart';
import type { PlotSpec } from '../charts/plots';
import styles from './train.module.css';

/** More points than this on half a page cost time and show nothing. */
const SIZE = { height: 230, points: 240 };

const REWARD: PlotSpec = {
  lines: [
    { key: 'reward', hue: 'blue', label: 'Graded reward' },
    { key: 'reward/true', hue: 'orange', label: 'True reward' },
  ],
  points: [
    {
      key: 'eval/frozen_score',
      hue: 'green',
      label: 'Held-out, frozen grader',
      interval: ['eval/score_low', 'eval/score_high'],
    },
    { key: 'eval/true_reward', hue: 'purple', label: 'Held-out, true reward' },
  ],
  band: { low: 'reward/min', high: 'reward/max', label: 'Lowest to highest answer' },
};

export function BigCharts({ metrics, limit }: { metrics: readonly StepMetrics[]; limit: number }) {
  const length = useMemo(
    (): PlotSpec => ({
      lines: [{ key: 'completions/median_length', hue: 'blue', label: 'Median' }],
      band: { low: 'completions/p10_length', high: 'completions/p90_length', label: '10th to 90th percentile' },
      level: { label: `limit ${limit}`, value: limit },
    }),
    [limit],
  );
  return (
    <div className={styles.big}>
      <MetricChart metrics={metrics} title="Reward" spec={REWARD} {...SIZE} />
      <MetricChart metrics={metrics} title="Answer length" spec={length} {...SIZE} />
    </div>
  );
}
