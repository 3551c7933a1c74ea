import { memo } from 'react';
import { METRICS, type MetricKey, type StepMetrics } from '../../config/metrics';
import { formatChange, formatMetric } from '../../store/format';
import { hasValues, seriesOf } from '../../store/metricsTable';
import { trend } from '../../store/series';
import { Help } from '../Help';
import { HeldOutTile } from './HeldOutTile';
import styles from './train.module.css';

const TILES: readonly MetricKey[] = [
  'reward',
  'reward/true',
  'completions/mean_length',
  'grader/yes_rate',
  'grader/true_agreement',
];

/** The few numbers that say how it goes: now, and the change since the start. */
export const Tiles = memo(function Tiles({ metrics }: { metrics: readonly StepMetrics[] }) {
  return (
    <div className={styles.tiles}>
      {TILES.filter((key) => hasValues(seriesOf(metrics, key))).map((key) => (
        <Tile key={key} name={key} metrics={metrics} />
      ))}
      <HeldOutTile metrics={metrics} />
    </div>
  );
});

function Tile({ name, metrics }: { name: MetricKey; metrics: readonly StepMetrics[] }) {
  const { title, unit, help } = METRICS[name];
  const { start, now } = trend(seriesOf(metrics, name));
  return (
    <div className={styles.tile}>
      <span className="soft small">
        {title}{' '}
        <Help title={title}>
          {help} Shown: mean of the newest steps (at most 5), and the change since the first ones.
        </Help>
      </span>
      <span className={styles.value}>
        {formatMetric(now, unit)}
        {unit === 'tokens' && <span className="soft small"> tokens</span>}
      </span>
      <span className="soft small tabular">
        {metrics.length > 1 && start !== null && now !== null
          ? `from ${formatMetric(start, unit)}, ${formatChange(now - start, unit)}`
          : 'first step'}
      </span>
    </div>
  );
}
