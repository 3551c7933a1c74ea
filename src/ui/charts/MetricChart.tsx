import { memo, useMemo } from 'react';
import { useStore } from 'zustand';
import type { StepMetrics } from '../../config/metrics';
import { type PlotSpec, plot } from '../../store/plots';
import { selectSmoothing, viewStore } from '../../store/viewStore';
import { openStep } from '../openStep';
import { ChartCard } from './ChartCard';
import { HUES } from './hues';
import { Legend } from './Legend';
import { LineChart } from './LineChart';
import { Readout } from './Readout';

interface Props {
  readonly metrics: readonly StepMetrics[];
  readonly title: string;
  readonly spec: PlotSpec;
  readonly height: number;
  /** Small charts without any number are left out; big ones keep their place. */
  readonly optional?: boolean;
}

/** One chart over the steps of a run. */
export const MetricChart = memo(function MetricChart({ metrics, title, spec, height, optional = false }: Props) {
  const smoothing = useStore(viewStore, selectSmoothing);
  const drawn = useMemo(() => plot(metrics, spec, smoothing), [metrics, spec, smoothing]);
  if (optional && drawn.lines.length === 0) return null;

  const items = drawn.lines.map(({ label, hue }) => ({ label, colour: HUES[hue] }));
  if (drawn.band)
    items.push({
      label: drawn.band.label,
      colour: HUES[drawn.lines[0]?.hue ?? 'grey'],
      faint: true,
    } as (typeof items)[number]);
  const keys = spec.band ? [...drawn.keys, spec.band.low, spec.band.high] : drawn.keys;
  return (
    <ChartCard
      title={title}
      keys={keys}
      metrics={metrics}
      readout={<Readout plot={drawn} />}
      legend={items.length > 1 ? <Legend items={items} /> : undefined}
    >
      <LineChart plot={drawn} height={height} title={title} onOpen={openStep} />
    </ChartCard>
  );
});
