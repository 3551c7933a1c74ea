import { memo } from 'react';
import { Area, ReferenceLine } from 'recharts';
import styles from './charts.module.css';
import { HUES } from './hues';
import type { Plot } from './plots';

/** In the order of the page: Recharts draws what is in a layer of its own twice. */
const IN_ORDER = 0;
const STILL = {
  isAnimationActive: false,
  legendType: 'none',
  type: 'linear',
  activeDot: false,
  stroke: 'none',
  zIndex: IN_ORDER,
} as const;

/** Stacked areas, or a band with a level. */
export const Areas = memo(function Areas({ plot: { lines, band, level, stacked } }: { plot: Plot }) {
  if (stacked) {
    return lines.map(({ label, hue }, i) => (
      <Area {...STILL} key={label} dataKey={`part${i}`} stackId="all" fill={HUES[hue]} fillOpacity={0.75} />
    ));
  }
  return (
    <>
      {band && <Area {...STILL} dataKey="band" fill={HUES[lines[0]?.hue ?? 'grey']} fillOpacity={0.1} />}
      {level && (
        <ReferenceLine
          y={level.value}
          className={styles.level}
          zIndex={IN_ORDER}
          label={{ value: level.label, position: 'insideBottomRight', className: styles.tick, zIndex: IN_ORDER }}
        />
      )}
    </>
  );
});

/**
 * A row per step, as Recharts takes them: the keys are those of the areas. Frozen, because Recharts' store freezes what
 * is not, row by row.
 */
export function rowsOf({ steps, lines, band, stacked }: Plot): Record<string, unknown>[] {
  const rows = steps.map((step, row) => {
    const [low, high] = [band?.low[row] ?? null, band?.high[row] ?? null];
    const values: Record<string, unknown> = { step, band: low === null || high === null ? null : [low, high] };
    if (stacked) for (const [i, { raw }] of lines.entries()) values[`part${i}`] = raw[row] ?? null;
    return values;
  });
  return Object.freeze(rows) as typeof rows;
}
