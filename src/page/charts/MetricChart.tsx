import { memo, useId, useMemo } from 'react';
import { useStore } from 'zustand';
import { METRICS, type StepMetrics } from '../../domain/metrics/metrics';
import { openStep } from '../run/openStep';
import { formatMetric } from '../shell/format';
import { selectSmoothing, viewStore } from '../shell/viewStore';
import { ChartCard } from './ChartCard';
import styles from './charts.module.css';
import { HUES } from './hues';
import { Legend, type LegendItem } from './Legend';
import { LineChart } from './LineChart';
import { hasValues, seriesOf } from './metricsTable';
import { latest, type Plot, type PlotSpec, plot } from './plots';
import { StepSlider } from './StepSlider';
import { useIdleTurn } from './useIdleTurn';

interface Props {
  readonly metrics: readonly StepMetrics[];
  readonly title: string;
  readonly spec: PlotSpec;
  readonly height: number;
  /** Largest number of steps drawn. */
  readonly points: number;
  /** Small charts without values are not rendered; big ones always are. */
  readonly optional?: boolean;
}

/** One chart over the steps of a run. */
export const MetricChart = memo(function MetricChart(props: Props) {
  const { metrics, spec, optional = false } = props;
  const empty = spec.lines.every(({ key }) => !hasValues(seriesOf(metrics, key)));
  return optional && empty ? null : <Chart {...props} />;
});

function Chart({ metrics, title, spec, height, points }: Props) {
  const id = useId();
  const smoothing = useStore(viewStore, selectSmoothing);
  const wanted = useMemo(() => ({ metrics, spec, smoothing, points }), [metrics, spec, smoothing, points]);
  const { ref, drawn } = useIdleTurn(wanted);
  const source = drawn?.data ?? null;
  const shown = useMemo(() => source && plot(source.metrics, source.spec, source), [source]);
  const sparse = (spec.points ?? []).flatMap(({ key, interval }) => [key, ...(interval ?? [])]);
  const keys = [...spec.lines.map(({ key }) => key), ...sparse.filter((key) => hasValues(seriesOf(metrics, key)))];
  return (
    <ChartCard
      title={title}
      keys={spec.band ? [...keys, spec.band.low, spec.band.high] : keys}
      metrics={source?.metrics ?? metrics}
      readout={shown && <span className={styles.readout}>{readout(shown)}</span>}
      legend={<SpecLegend metrics={metrics} spec={spec} />}
    >
      <StepSlider ref={ref} id={id} plot={shown} title={title} height={height} onOpen={openStep}>
        {drawn && shown && (
          <LineChart id={id} plot={shown} width={drawn.width} height={height} parts={drawn.parts} onOpen={openStep} />
        )}
      </StepSlider>
    </ChartCard>
  );
}

/** Numbers of the last step. */
const readout = (shown: Plot): string =>
  latest(shown)
    .map((value) => formatMetric(value, shown.unit))
    .join(' · ');

/**
 * Lines that have numbers, and the band: known before the chart has its turn, so that nothing moves when it comes.
 * Recharts' own legend comes with the marks, and measures itself again at each step.
 */
function SpecLegend({ metrics, spec: { lines, points = [], band } }: Pick<Props, 'metrics' | 'spec'>) {
  const known = lines.filter(({ key }) => hasValues(seriesOf(metrics, key)));
  const items: LegendItem[] = known.map(({ key, hue, label = METRICS[key].title }) => ({ label, colour: HUES[hue] }));
  for (const { key, hue, label } of points) {
    if (hasValues(seriesOf(metrics, key))) items.push({ label, colour: HUES[hue], dot: true });
  }
  if (band) items.push({ label: band.label, colour: HUES[known[0]?.hue ?? 'grey'], faint: true });
  return items.length > 1 ? <Legend items={items} /> : null;
}
