/** What axes and air take around the plot, in pixels. */
export const PLOT_MARGIN = { top: 8, right: 10, bottom: 22, left: 46 } as const;

/** Where a chart draws its values, in pixels from its upper left corner. */
export interface PlotArea {
  readonly top: number;
  readonly left: number;
  readonly width: number;
  readonly height: number;
  x(step: number): number;
  y(value: number): number;
  /** The step at `x`, seldom a whole number. */
  stepAt(x: number): number;
}

interface Extent {
  /** Of the whole chart. */
  readonly width: number;
  readonly height: number;
  readonly first: number;
  readonly last: number;
  readonly low: number;
  readonly high: number;
}

export function plotArea({ width: outerWidth, height: outerHeight, first, last, low, high }: Extent): PlotArea {
  const { top, right, bottom, left } = PLOT_MARGIN;
  const [width, height] = [outerWidth - left - right, outerHeight - top - bottom];
  return {
    top,
    left,
    width,
    height,
    // As Recharts places a single step: in the middle.
    x: (step) => left + (last > first ? ((step - first) / (last - first)) * width : width / 2),
    y: (value) => top + (1 - (value - low) / (high - low)) * height,
    stepAt: (x) => first + ((x - left) / width) * (last - first),
  };
}
