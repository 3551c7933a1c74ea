import { memo, useMemo } from 'react';
import { CartesianGrid, ComposedChart, getNiceTickValues, XAxis, YAxis } from 'recharts';
import { formatAxis } from '../shell/format';
import { Areas, rowsOf } from './Areas';
import { Lines } from './Lines';
import { PLOT_MARGIN, plotArea } from './plotArea';
import { extent, type Plot } from './plots';
import { StepCursor } from './StepCursor';
import { PARTS } from './useIdleTurn';

interface Props {
  readonly plot: Plot;
  readonly width: number;
  readonly height: number;
  /** How much to draw (PARTS). */
  readonly parts: number;
  /** The chart's id among those that show the same steps; null where it has steps of its own. */
  readonly id: string | null;
  readonly onOpen?: (step: number) => void;
}

const { left: LEFT, bottom: BOTTOM, ...AROUND } = PLOT_MARGIN;
/** Axes take the other two sides. */
const MARGIN = { ...AROUND, bottom: 0, left: 0 };
const NONE = () => [];
/**
 * `zIndex` 0: in the order of the page. Recharts draws what is in a layer of its own twice. The generator: it measures
 * texts for vertical lines, drawn or not.
 */
const GRID = {
  vertical: false,
  verticalCoordinatesGenerator: NONE,
  stroke: 'var(--line)',
  zIndex: 0,
} as const;
/** `interval` 0 shows every tick given, `niceTicks` computes no others; a text without a width is not measured. */
const TICK = { width: undefined, fill: 'var(--ink-soft)', fontSize: 11.5 };
const AXIS = {
  axisLine: false,
  tickLine: false,
  tickSize: 0,
  interval: 0,
  niceTicks: 'none',
  tick: TICK,
  zIndex: 0,
} as const;

/**
 * Twelve of these stay within 50 ms a task: no animation, one element for each series, ticks that are not measured, a
 * turn for each chart (useIdleTurn.ts), and a cursor of its own (StepCursor.tsx).
 */
export const LineChart = memo(function LineChart({ plot, width, height, parts, id, onOpen }: Props) {
  const rows = useMemo(() => rowsOf(plot), [plot]);
  const range = useMemo(() => extent(plot), [plot]);
  const [first, last] = [plot.steps[0], plot.steps.at(-1)];
  const area = useMemo(
    () => range && plotArea({ width, height, first: first ?? 0, last: last ?? 0, ...range }),
    [width, height, first, last, range],
  );
  if (parts < PARTS.grid || !range || !area || first === undefined || last === undefined) return null;
  const levels = ticksIn(range.low, range.high, height > 160 ? 6 : 5, plot.unit !== 'tokens');
  return (
    <>
      <ComposedChart data={rows} width={width} height={height} margin={MARGIN} accessibilityLayer={false}>
        <CartesianGrid {...GRID} horizontalPoints={levels.map(area.y)} />
        {parts >= PARTS.axes && (
          <>
            <XAxis
              {...AXIS}
              type="number"
              dataKey="step"
              domain={[first, last]}
              ticks={ticksIn(first, last, Math.max(4, Math.min(8, Math.round(width / 80))), false)}
              tickMargin={6}
              height={BOTTOM}
            />
            <YAxis
              {...AXIS}
              domain={[range.low, range.high]}
              allowDataOverflow
              ticks={levels}
              tickFormatter={(value) => formatAxis(value, plot.unit)}
              tickMargin={6}
              width={LEFT}
            />
          </>
        )}
        {parts >= PARTS.areas && <Areas plot={plot} />}
        {parts >= PARTS.lines && !plot.stacked && <Lines plot={plot} area={area} />}
      </ComposedChart>
      {parts >= PARTS.lines && <StepCursor plot={plot} area={area} id={id} onOpen={onOpen} />}
    </>
  );
});

/** Round numbers inside [low, high]: Recharts' own, which may reach beyond. */
const ticksIn = (low: number, high: number, count: number, decimals: boolean): number[] =>
  getNiceTickValues([low, high], count, decimals, 'snap125').filter((tick) => tick >= low && tick <= high);
