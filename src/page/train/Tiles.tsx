import { memo } from 'react';
import { runGraderName } from '../../domain/graderName';
import { METRICS, type MetricKey, type StepMetrics } from '../../domain/metrics/metrics';
import type { Recipe } from '../../domain/recipe/recipe';
import { hasValues, seriesOf } from '../charts/metricsTable';
import { trend } from '../charts/series';
import { formatChange, formatMetric } from '../shell/format';
import { Help } from '../shell/Help';
import { HeldOutTile } from './HeldOutTile';
import { TeacherTile } from './TeacherTile';
import styles from './train.module.css';

const TILES: readonly MetricKey[] = [
  'reward',
  'reward/true',
  'completions/mean_length',
  'grader/yes_rate',
  'grader/true_agreement',
];

interface Props {
  readonly metrics: readonly StepMetrics[];
  readonly grader: Recipe['grader'];
}

/** The main numbers of the run: now, and the change since the start. */
export const Tiles = memo(function Tiles({ metrics, grader }: Props) {
  return (
    <section className={styles.tiles} aria-label="Numbers">
      {TILES.filter((key) => hasValues(seriesOf(metrics, key))).map((key) => (
        <Tile key={key} name={key} metrics={metrics} by={key === 'reward' ? runGraderName(grader) : null} />
      ))}
      <HeldOutTile metrics={metrics} />
      <TeacherTile metrics={metrics} />
    </section>
  );
});

/** `by`: the grader behind the number. */
function Tile({ name, metrics, by }: { name: MetricKey; metrics: readonly StepMetrics[]; by: string | null }) {
  const { title, unit, help } = METRICS[name];
  const { start, now } = trend(seriesOf(metrics, name));
  return (
    <div className={styles.tile}>
      <span className="soft small">
        {title}{' '}
        <Help title={title}>{help} Shown: the mean of the last 5 steps or fewer, and the change since the first.</Help>
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
      {by !== null && <span className="soft small">graded by {by}</span>}
    </div>
  );
}
