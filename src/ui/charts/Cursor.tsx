import { useStore } from 'zustand';
import { nearest, type Plot } from '../../store/plots';
import { selectHoverStep, viewStore } from '../../store/viewStore';
import styles from './charts.module.css';
import type { PlotFrame } from './frameOf';
import { HUES } from './hues';

/** The same step on every chart, wherever the pointer is. */
export function Cursor({ plot, frame }: { plot: Plot; frame: PlotFrame }) {
  const step = useStore(viewStore, selectHoverStep);
  const i = step === null ? null : nearest(plot.steps, step);
  if (i === null) return null;
  const x = frame.x(plot.steps[i]!);
  return (
    <g>
      <line className={styles.cursor} x1={x} x2={x} y1={frame.top} y2={frame.bottom} />
      {plot.lines.map(({ label, hue, raw }) => {
        const value = raw[i] ?? null;
        return value === null ? null : <circle key={label} cx={x} cy={frame.y(value)} r={3.5} fill={HUES[hue]} />;
      })}
    </g>
  );
}
