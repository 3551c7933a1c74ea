import type { PlotArea } from './plotArea';
import type { Series } from './series';

/** Series as SVG paths: (n) steps, and as many values. */

/** Points as strokes of length zero. */
export const dots = (area: PlotArea, steps: readonly number[], values: Series): string =>
  steps.map((step, i) => (values[i] == null ? '' : `M${at(area.x(step))} ${at(area.y(values[i]))}h0`)).join('');

/** A line, broken where there is no value. */
export const polyline = (area: PlotArea, steps: readonly number[], values: Series): string =>
  steps
    .map((step, i) => {
      if (values[i] == null) return '';
      return `${values[i - 1] == null ? 'M' : 'L'}${at(area.x(step))} ${at(area.y(values[i]))}`;
    })
    .join('');

/** Half the width of an interval's ends, in pixels. */
const HALF = 3;

export const intervals = (area: PlotArea, steps: readonly number[], low: Series, high: Series): string =>
  steps
    .map((step, i) => {
      if (low[i] == null || high[i] == null) return '';
      const [x, from, to] = [at(area.x(step)), at(area.y(low[i])), at(area.y(high[i]))];
      const end = (y: string) => `M${x} ${y}m${-HALF} 0h${2 * HALF}`;
      return `M${x} ${from}V${to}${end(from)}${end(to)}`;
    })
    .join('');

const at = (pixels: number): string => pixels.toFixed(1);
