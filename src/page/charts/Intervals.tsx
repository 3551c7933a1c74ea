import styles from './charts.module.css';
import type { PlotArea } from './plotArea';
import type { Series } from './series';

interface Props {
  readonly steps: readonly number[];
  readonly low: Series;
  readonly high: Series;
  readonly area: PlotArea;
  readonly stroke: string;
}

/** Half the width of an interval's ends, in pixels. */
const HALF = 3;

/** Intervals as one path. Recharts' own error bars are seven elements each, which it renders one by one. */
export function Intervals({ steps, low, high, area, stroke }: Props) {
  const bars = steps.map((step, i) => {
    const [from, to] = [low[i] ?? null, high[i] ?? null];
    if (from === null || to === null) return '';
    const [x, bottom, top] = [area.x(step), area.y(from), area.y(to)].map((at) => at.toFixed(1));
    const end = (y: string) => `M${x} ${y}m${-HALF} 0h${2 * HALF}`;
    return `M${x} ${bottom}V${top}${end(bottom!)}${end(top!)}`;
  });
  return <path className={styles.interval} d={bars.join('')} stroke={stroke} />;
}
