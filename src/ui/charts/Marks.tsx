import type { Plot } from '../../store/plots';
import { bandPath, dotPath, linePath } from '../../store/scale';
import type { Series } from '../../store/series';
import styles from './charts.module.css';
import type { PlotFrame } from './frameOf';
import { HUES } from './hues';

/** From here on points would run into each other. */
const MANY = 120;

/** Band, faint measured points, strong smoothed line: one element each, however long the run. */
export function Marks({ plot, frame }: { plot: Plot; frame: PlotFrame }) {
  const xs = plot.steps.map(frame.x);
  const ys = (series: Series) => series.map((value) => (value === null ? null : frame.y(value)));
  const { band, level } = plot;
  const levelY = level ? frame.y(level.value) : -1;
  return (
    <g>
      {band && (
        <path
          className={styles.band}
          d={bandPath(xs, ys(band.low), ys(band.high))}
          fill={HUES[plot.lines[0]?.hue ?? 'grey']}
        />
      )}
      {level && levelY >= frame.top && levelY <= frame.bottom && (
        <>
          <line className={styles.level} x1={frame.left} x2={frame.right} y1={levelY} y2={levelY} />
          <text className={styles.tick} x={frame.right} y={levelY - 4} textAnchor="end">
            {level.label}
          </text>
        </>
      )}
      {plot.lines.map(({ label, hue, raw }) => (
        <path
          key={label}
          className={xs.length > MANY ? `${styles.raw} ${styles.many}` : styles.raw}
          d={dotPath(xs, ys(raw))}
          stroke={HUES[hue]}
        />
      ))}
      {plot.lines.map(({ label, hue, smooth }) => (
        <path key={label} className={styles.smooth} d={linePath(xs, ys(smooth))} stroke={HUES[hue]} />
      ))}
    </g>
  );
}
