import { memo } from 'react';
import styles from './charts.module.css';
import { HUES } from './hues';
import { dots, intervals, polyline } from './paths';
import type { PlotArea } from './plotArea';
import type { Plot } from './plots';

interface Props {
  readonly plot: Plot;
  readonly area: PlotArea;
}

/** From here on points would run into each other. */
const MANY = 120;

/**
 * Faint measured points, strong smoothed lines, and the points of a few steps, each series as one path. Not Recharts'
 * lines and error bars: they copy every point of every line at each step, and render each end of an interval by itself.
 */
export const Lines = memo(function Lines({ plot: { steps, lines, points }, area }: Props) {
  const raw = steps.length > MANY ? `${styles.raw} ${styles.many}` : styles.raw;
  return (
    <g>
      {lines.map((line) => (
        <path key={line.label} className={raw} d={dots(area, steps, line.raw)} stroke={HUES[line.hue]} />
      ))}
      {lines.map((line) => (
        <path
          key={line.label}
          className={styles.smooth}
          d={polyline(area, steps, line.smooth)}
          stroke={HUES[line.hue]}
        />
      ))}
      {points.map(({ label, hue, low, high }) => (
        <path key={label} className={styles.interval} d={intervals(area, steps, low, high)} stroke={HUES[hue]} />
      ))}
      {points.map(({ label, hue, values }) => (
        <path key={label} className={styles.sparse} d={dots(area, steps, values)} stroke={HUES[hue]} />
      ))}
    </g>
  );
});
