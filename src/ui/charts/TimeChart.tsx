import { useElementSize } from '@mantine/hooks';
import { memo } from 'react';
import { METRICS, type MetricKey, type StepMetrics } from '../../config/metrics';
import { formatSeconds } from '../../store/format';
import { hasValues, seriesOf, stepsOf } from '../../store/metricsTable';
import { keepShape, mean } from '../../store/series';
import { ChartCard } from './ChartCard';
import styles from './charts.module.css';
import { Legend } from './Legend';
import { stackedAreas } from './stackedAreas';

const PARTS: readonly { key: MetricKey; colour: string }[] = [
  { key: 'time/rollout', colour: 'var(--series-blue)' },
  { key: 'time/grade', colour: 'var(--series-orange)' },
  { key: 'time/update', colour: 'var(--series-green)' },
];
const KEYS = PARTS.map(({ key }) => key);

/** Where the time of a step goes. */
export const TimeChart = memo(function TimeChart({
  metrics,
  height,
}: {
  metrics: readonly StepMetrics[];
  height: number;
}) {
  const { ref, width } = useElementSize();
  const steps = stepsOf(metrics);
  const series = PARTS.map(({ key }) => seriesOf(metrics, key));
  if (!series.some(hasValues)) return null;
  const rows = keepShape(seriesOf(metrics, 'step_time'));
  const areas = stackedAreas(
    rows.map((row) => steps[row]!),
    series.map((values) => rows.map((row) => values[row] ?? 0)),
    width,
    height,
  );
  const perStep = mean(seriesOf(metrics, 'step_time').slice(-5));
  return (
    <ChartCard
      title="Time of a step"
      keys={KEYS}
      metrics={metrics}
      readout={<span className={styles.readout}>{perStep === null ? '–' : formatSeconds(perStep)}</span>}
      legend={<Legend items={PARTS.map(({ key, colour }) => ({ label: METRICS[key].title, colour }))} />}
    >
      <div ref={ref} className={styles.plot} style={{ height }}>
        <svg height={height} role="img" aria-label="Time by phase, stacked">
          {areas.ticks.map(({ y, value }) => (
            <g key={value}>
              <line className={styles.grid} x1={46} x2={width - 10} y1={y} y2={y} />
              <text className={styles.tick} x={38} y={y + 4} textAnchor="end">
                {value === 0 ? '0' : formatSeconds(value)}
              </text>
            </g>
          ))}
          {areas.paths.map((path, i) => (
            <path key={KEYS[i]} d={path} fill={PARTS[i]!.colour} opacity={0.75} />
          ))}
        </svg>
      </div>
    </ChartCard>
  );
});
