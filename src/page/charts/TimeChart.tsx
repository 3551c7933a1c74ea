import { memo, useMemo } from 'react';
import { Area, AreaChart, XAxis, YAxis } from 'recharts';
import { METRICS, type MetricKey, type StepMetrics } from '../../domain/metrics/metrics';
import { formatSeconds } from '../shell/format';
import { ChartCard } from './ChartCard';
import styles from './charts.module.css';
import { FRAME, PLAIN_AXIS } from './frame';
import { Grid } from './Grid';
import { Legend } from './Legend';
import { hasValues, seriesOf } from './metricsTable';
import { keepShape, mean } from './series';
import { valueTick } from './Tick';
import { niceTicks } from './ticks';
import { useIdleTurn } from './useIdleTurn';

const PARTS: readonly { key: MetricKey; colour: string }[] = [
  { key: 'time/rollout', colour: 'var(--series-blue)' },
  { key: 'time/grade', colour: 'var(--series-orange)' },
  { key: 'time/update', colour: 'var(--series-green)' },
];
const KEYS = PARTS.map(({ key }) => key);
const MARGIN = { top: FRAME.top, right: FRAME.right, bottom: FRAME.bottom, left: 0 };
const LEGEND = <Legend items={PARTS.map(({ key, colour }) => ({ label: METRICS[key].title, colour }))} />;

interface Props {
  readonly metrics: readonly StepMetrics[];
  readonly height: number;
  readonly points: number;
}

/** Where the time of a step goes. */
export const TimeChart = memo(function TimeChart(props: Props) {
  return KEYS.some((key) => hasValues(seriesOf(props.metrics, key))) ? <Chart {...props} /> : null;
});

function Chart({ metrics, height, points }: Props) {
  const { ref, drawn } = useIdleTurn(metrics);
  const shown = drawn?.data ?? metrics;
  const perStep = mean(seriesOf(shown.slice(-5), 'step_time'));
  return (
    <ChartCard
      title="Time of a step"
      keys={KEYS}
      metrics={shown}
      readout={<span className={styles.readout}>{perStep === null ? '–' : formatSeconds(perStep)}</span>}
      legend={LEGEND}
    >
      <div ref={ref} className={styles.plot} style={{ height }} role="img" aria-label="Time by phase, stacked">
        {drawn && <TimeAreas metrics={drawn.data} width={drawn.width} height={height} points={points} />}
      </div>
    </ChartCard>
  );
}

const TimeAreas = memo(function TimeAreas({ metrics, width, height, points }: Props & { width: number }) {
  const rows = useMemo(() => rowsOf(metrics, points), [metrics, points]);
  const most = Math.max(1e-9, ...rows.map((row) => KEYS.reduce((sum, key) => sum + row[key]!, 0)));
  return (
    <AreaChart data={rows} width={width} height={height} margin={MARGIN} accessibilityLayer={false}>
      <Grid />
      <XAxis hide dataKey="step" type="number" domain={['dataMin', 'dataMax']} />
      <YAxis
        {...PLAIN_AXIS}
        domain={[0, most * 1.05]}
        ticks={niceTicks(0, most, 2)}
        tick={valueTick(formatSeconds)}
        width={FRAME.left + 10} // room for “500 ms”
      />
      {PARTS.map(({ key, colour }) => (
        <Area
          key={key}
          dataKey={key}
          stackId="phases"
          type="linear"
          fill={colour}
          fillOpacity={0.75}
          stroke="none"
          isAnimationActive={false}
          activeDot={false}
          legendType="none"
          zIndex={0}
        />
      ))}
    </AreaChart>
  );
});

type Row = Readonly<Record<string, number>>;

/** Seconds of each phase by step; the only step of a run is drawn as wide as two. */
function rowsOf(metrics: readonly StepMetrics[], points: number): Row[] {
  const rows = keepShape(seriesOf(metrics, 'step_time'), points).map(
    (i): Row => ({ step: metrics[i]!.step, ...Object.fromEntries(KEYS.map((key) => [key, metrics[i]![key] ?? 0])) }),
  );
  const [only] = rows;
  return only && rows.length === 1 ? [only, { ...only, step: only.step! + 1 }] : rows;
}
