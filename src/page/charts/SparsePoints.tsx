import { usePlotArea, useXAxisScale, useYAxisScale } from 'recharts';
import styles from './charts.module.css';
import { HUES } from './hues';
import type { Plot } from './plots';

/** Numbers of a few steps only, with their intervals: they stay points, since nothing is known in between. */
export function SparsePoints({ plot: { steps, points } }: { plot: Plot }) {
  const area = usePlotArea();
  const xOf = useXAxisScale();
  const yOf = useYAxisScale();
  if (!area || !xOf || !yOf) return null;
  const inside = (value: number) => Math.min(area.y + area.height, Math.max(area.y, value));
  return (
    <g>
      {points.flatMap(({ label, hue, values, low, high }) =>
        steps.map((step, i) => {
          const [value, from, to] = [values[i], low[i], high[i]];
          const [x, y] = [xOf(step), value == null ? undefined : yOf(value)];
          if (x === undefined || y === undefined) return null;
          const [bottom, top] = [from == null ? undefined : yOf(from), to == null ? undefined : yOf(to)];
          return (
            <g key={`${label} ${step}`}>
              {bottom !== undefined && top !== undefined && (
                <line
                  className={styles.interval}
                  x1={x}
                  x2={x}
                  y1={inside(bottom)}
                  y2={inside(top)}
                  stroke={HUES[hue]}
                />
              )}
              <circle cx={x} cy={y} r={3.5} fill={HUES[hue]} />
            </g>
          );
        }),
      )}
    </g>
  );
}
