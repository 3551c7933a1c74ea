import { usePlotArea, useYAxisTicks } from 'recharts';
import styles from './charts.module.css';

/** A line at each value that the axis names. Recharts' own grid measures the text of every tick first, a third of a chart's time. */
export function Grid() {
  const area = usePlotArea();
  const ticks = useYAxisTicks();
  if (!area || !ticks) return null;
  return (
    <g>
      {ticks.map(({ value, coordinate }) => (
        <line
          key={value}
          className={styles.grid}
          x1={area.x}
          x2={area.x + area.width}
          y1={coordinate}
          y2={coordinate}
        />
      ))}
    </g>
  );
}
