import { memo, useMemo } from 'react';
import { ComposedChart, XAxis, YAxis } from 'recharts';
import { Cursor } from './Cursor';
import { FRAME, MARGIN, PLAIN_AXIS } from './frame';
import { Grid } from './Grid';
import { Marks, rowsOf } from './Marks';
import { extent, type Plot } from './plots';
import { SparsePoints } from './SparsePoints';
import { metricTick, stepTick } from './Tick';
import { niceTicks } from './ticks';

interface Props {
  readonly plot: Plot;
  readonly width: number;
  readonly height: number;
  /** False draws the axes alone. */
  readonly whole: boolean;
  /** False where steps are not those of the other charts. */
  readonly cursor?: boolean;
}

/**
 * What keeps a dozen of these within 50 ms a step: no animation, one element for each series, ticks that need not be measured, a turn
 * for each chart (useIdleTurn.ts), and a cursor that draws nothing else again.
 */
export const LineChart = memo(function LineChart({ plot, width, height, whole, cursor = true }: Props) {
  const rows = useMemo(() => rowsOf(plot), [plot]);
  const range = extent(plot);
  const [first, last] = [plot.steps[0], plot.steps.at(-1)];
  if (!range || first === undefined || last === undefined) return null;
  const steps = niceTicks(first, last, Math.max(2, Math.min(8, width / 90))).filter(Number.isInteger);
  const counts = plot.unit === 'tokens'; // without fractions, which would be shown as the same number twice
  const values = niceTicks(range.low, range.high, height > 160 ? 4 : 2).filter(
    (value) => !counts || Number.isInteger(value),
  );
  return (
    <ComposedChart data={rows} width={width} height={height} margin={MARGIN} accessibilityLayer={false}>
      <Grid />
      <XAxis
        {...PLAIN_AXIS}
        type="number"
        dataKey="step"
        domain={[first, last]}
        ticks={steps}
        tick={stepTick}
        height={FRAME.bottom}
      />
      <YAxis
        {...PLAIN_AXIS}
        domain={[range.low, range.high]}
        ticks={values}
        tick={metricTick(plot.unit)}
        width={FRAME.left}
      />
      {whole && <Marks plot={plot} top={range.high} />}
      {whole && plot.points.length > 0 && <SparsePoints plot={plot} />}
      {whole && cursor && <Cursor plot={plot} />}
    </ComposedChart>
  );
});
