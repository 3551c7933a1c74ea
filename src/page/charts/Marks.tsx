import { memo } from 'react';
import { Area, Line, ReferenceLine } from 'recharts';
import styles from './charts.module.css';
import { HUES } from './hues';
import type { Plot } from './plots';
import { RawPoints } from './RawPoints';

/** In the order of the page instead of in layers of their own, which would each be drawn twice. */
const IN_ORDER = 0;
const STILL = {
  isAnimationActive: false,
  activeDot: false,
  legendType: 'none',
  type: 'linear',
  zIndex: IN_ORDER,
} as const;

/** Band, level, faint measured points, strong smoothed line: one element for each, however long the run. */
export const Marks = memo(function Marks({ plot: { lines, band, level }, top }: { plot: Plot; top: number }) {
  return (
    <>
      {band && (
        <Area {...STILL} dataKey="band" className={styles.band} fill={HUES[lines[0]?.hue ?? 'grey']} stroke="none" />
      )}
      {level && level.value <= top && (
        <ReferenceLine
          y={level.value}
          className={styles.level}
          zIndex={IN_ORDER}
          label={{ value: level.label, position: 'insideBottomRight', className: styles.tick, zIndex: IN_ORDER }}
        />
      )}
      {lines.map(({ label, hue }, i) => (
        <Line {...STILL} key={label} dataKey={`raw${i}`} dot={false} shape={RawPoints} stroke={HUES[hue]} />
      ))}
      {lines.map(({ label, hue }, i) => (
        <Line {...STILL} key={label} dataKey={`smooth${i}`} dot={false} className={styles.smooth} stroke={HUES[hue]} />
      ))}
    </>
  );
});

/** A row a step, as Recharts takes them: the keys are those of the marks. */
export function rowsOf({ steps, lines, band }: Plot): Record<string, unknown>[] {
  return steps.map((step, row) => {
    const [low, high] = [band?.low[row] ?? null, band?.high[row] ?? null];
    const values: Record<string, unknown> = { step, band: low === null || high === null ? null : [low, high] };
    lines.forEach(({ raw, smooth }, i) => {
      values[`raw${i}`] = raw[row] ?? null;
      values[`smooth${i}`] = smooth[row] ?? null;
    });
    return values;
  });
}
