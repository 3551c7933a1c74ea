import { type MouseEvent, memo, useId, useMemo } from 'react';
import { CartesianGrid, ComposedChart, getNiceTickValues, XAxis, YAxis } from 'recharts';
import { formatAxis } from '../shell/format';
import { hover } from '../shell/viewStore';
import { Marks, rowsOf } from './Marks';
import { extent, nearest, type Plot } from './plots';
import { StepTooltip } from './StepTooltip';

interface Props {
  readonly plot: Plot;
  readonly width: number;
  readonly height: number;
  /** False draws the axes alone. */
  readonly whole: boolean;
  /** False where steps are not those of the other charts. */
  readonly linked?: boolean;
  readonly onOpen?: (step: number) => void;
}

const MARGIN = { top: 8, right: 10, bottom: 0, left: 0 };
const LEFT = 46;
const BOTTOM = 22;
/** `zIndex` 0: in the order of the page. Recharts draws what is in a layer of its own twice. */
const GRID = { vertical: false, syncWithTicks: true, stroke: 'var(--line)', zIndex: 0 } as const;
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
 * Twelve of these stay within 50 ms a task: no animation, one element for each series, ticks that are not measured, and
 * a turn for each chart (useIdleTurn.ts).
 */
export const LineChart = memo(function LineChart(props: Props) {
  const { plot, width, height, whole, linked = true, onOpen } = props;
  const id = useId();
  const rows = useMemo(() => rowsOf(plot), [plot]);
  const range = extent(plot);
  const [first, last] = [plot.steps[0], plot.steps.at(-1)];
  if (!range || first === undefined || last === undefined) return null;
  return (
    <ComposedChart
      data={rows}
      width={width}
      height={height}
      margin={MARGIN}
      accessibilityLayer={false}
      onMouseMove={linked ? ({ activeLabel }) => hover(hoveredAt(activeLabel, id)) : undefined}
      onMouseLeave={linked ? () => hover(null) : undefined}
      onClick={onOpen && ((_, event) => onOpen(stepUnder(event, plot.steps, width)))}
    >
      <CartesianGrid {...GRID} />
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
        ticks={ticksIn(range.low, range.high, height > 160 ? 6 : 5, plot.unit !== 'tokens')}
        tickFormatter={(value) => formatAxis(value, plot.unit)}
        tickMargin={6}
        width={LEFT}
      />
      {whole && <Marks plot={plot} />}
      {whole && <StepTooltip plot={plot} id={linked ? id : null} />}
    </ComposedChart>
  );
});

/** The drawn step nearest to a click. From its own place: Recharts' `activeLabel` follows the pointer a frame late. */
function stepUnder({ clientX, currentTarget }: MouseEvent<Element>, steps: readonly number[], width: number): number {
  const [first, last] = [steps[0]!, steps.at(-1)!];
  const share = (clientX - currentTarget.getBoundingClientRect().left - LEFT) / (width - LEFT - MARGIN.right);
  return steps[nearest(steps, first + share * (last - first))!]!;
}

/** Round numbers inside [low, high]: Recharts' own, which may reach beyond. */
const ticksIn = (low: number, high: number, count: number, decimals: boolean): number[] =>
  getNiceTickValues([low, high], count, decimals, 'snap125').filter((tick) => tick >= low && tick <= high);

const hoveredAt = (label: unknown, by: string) => (label === undefined ? null : { step: Number(label), by });
