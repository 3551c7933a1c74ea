import { usePlotArea, useXAxisScale, useYAxisScale } from 'recharts';
import { useStore } from 'zustand';
import { selectHoverStep, viewStore } from '../shell/viewStore';
import styles from './charts.module.css';
import { HUES } from './hues';
import { nearest, type Plot } from './plots';

/** The same step on every chart, wherever the pointer is. */
export function Cursor({ plot }: { plot: Plot }) {
  const step = useStore(viewStore, selectHoverStep);
  const area = usePlotArea();
  const xOf = useXAxisScale();
  const yOf = useYAxisScale();
  const i = step === null ? null : nearest(plot.steps, step);
  const x = i === null ? undefined : xOf?.(plot.steps[i]);
  if (i === null || x === undefined || !area || !yOf) return null;
  return (
    <g>
      <line className={styles.cursor} x1={x} x2={x} y1={area.y} y2={area.y + area.height} />
      {plot.lines.map(({ label, hue, raw }) => {
        const y = raw[i] == null ? undefined : yOf(raw[i]);
        return y === undefined ? null : <circle key={label} cx={x} cy={y} r={3.5} fill={HUES[hue]} />;
      })}
    </g>
  );
}
