import { extent, type Plot } from '../../store/plots';
import { niceTicks, scale } from '../../store/scale';

export interface PlotFrame {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  readonly x: (step: number) => number;
  readonly y: (value: number) => number;
  readonly xTicks: readonly number[];
  readonly yTicks: readonly number[];
}

const MARGIN = { left: 46, right: 10, top: 8, bottom: 22 };

/** Where everything of a chart goes, in CSS pixels; null when there is nothing to draw. */
export function frameOf(plot: Plot, width: number, height: number): PlotFrame | null {
  const range = extent(plot);
  const [first, last] = [plot.steps[0], plot.steps.at(-1)];
  if (!range || first === undefined || last === undefined || width < 80) return null;
  const [left, right] = [MARGIN.left, width - MARGIN.right];
  const [top, bottom] = [MARGIN.top, height - MARGIN.bottom];
  const xTicks = niceTicks(first, last, Math.max(2, Math.min(8, width / 90))).filter(Number.isInteger);
  return {
    width,
    height,
    left,
    right,
    top,
    bottom,
    x: scale(first, last, left, right),
    y: scale(range.low, range.high, bottom, top),
    xTicks,
    yTicks: niceTicks(range.low, range.high, height > 160 ? 4 : 2),
  };
}
