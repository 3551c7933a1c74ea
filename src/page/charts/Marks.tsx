import { memo } from 'react';
import { Area, ErrorBar, Line, ReferenceLine } from 'recharts';
import styles from './charts.module.css';
import { HUES } from './hues';
import type { Plot } from './plots';
import { RawPoints } from './RawPoints';

/** In the order of the page: Recharts draws what is in a layer of its own twice. */
const IN_ORDER = 0;
const STILL = { isAnimationActive: false, legendType: 'none', type: 'linear', zIndex: IN_ORDER } as const;
const UNNAMED = { tooltipType: 'none', activeDot: false } as const;

/** Stacked areas; or band, level, faint measured points, strong smoothed line, and the points of a few steps. */
export const Marks = memo(function Marks({ plot: { lines, points, band, level, stacked } }: { plot: Plot }) {
  if (stacked) {
    return lines.map(({ label, hue }, i) => (
      <Area
        {...STILL}
        key={label}
        name={label}
        dataKey={`raw${i}`}
        stackId="all"
        fill={HUES[hue]}
        fillOpacity={0.75}
        stroke="none"
        activeDot={false}
      />
    ));
  }
  return (
    <>
      {band && (
        <Area
          {...STILL}
          name={band.label}
          dataKey="band"
          fill={HUES[lines[0]?.hue ?? 'grey']}
          fillOpacity={0.1}
          stroke="none"
          activeDot={false}
        />
      )}
      {level && (
        <ReferenceLine
          y={level.value}
          className={styles.level}
          zIndex={IN_ORDER}
          label={{ value: level.label, position: 'insideBottomRight', className: styles.tick, zIndex: IN_ORDER }}
        />
      )}
      {lines.map(({ label, hue }, i) => (
        <Line
          {...STILL}
          key={label}
          name={label}
          dataKey={`raw${i}`}
          dot={false}
          activeDot={{ r: 3.5, strokeWidth: 0 }}
          shape={RawPoints}
          stroke={HUES[hue]}
        />
      ))}
      {lines.map(({ label, hue }, i) => (
        <Line
          {...STILL}
          {...UNNAMED}
          key={label}
          dataKey={`smooth${i}`}
          dot={false}
          className={styles.smooth}
          stroke={HUES[hue]}
        />
      ))}
      {points.map(({ label, hue }, i) => (
        // A line that is not drawn: nothing is known between the points.
        <Line
          {...STILL}
          key={label}
          name={label}
          dataKey={`point${i}`}
          dot={{ r: 3.5, fill: HUES[hue] }}
          activeDot={false}
          stroke={HUES[hue]}
          strokeWidth={0}
        >
          <ErrorBar
            dataKey={`interval${i}`}
            direction="y"
            width={3}
            className={styles.interval}
            stroke={HUES[hue]}
            isAnimationActive={false}
            zIndex={IN_ORDER}
          />
        </Line>
      ))}
    </>
  );
});

/** A row a step, as Recharts takes them: the keys are those of the marks. Intervals are distances from the point. */
export function rowsOf({ steps, lines, points, band }: Plot): Record<string, unknown>[] {
  return steps.map((step, row) => {
    const values: Record<string, unknown> = { step, band: pair(band?.low[row], band?.high[row]) };
    lines.forEach(({ raw, smooth }, i) => {
      values[`raw${i}`] = raw[row] ?? null;
      values[`smooth${i}`] = smooth[row] ?? null;
    });
    points.forEach(({ values: own, low, high }, i) => {
      const value = own[row] ?? null;
      values[`point${i}`] = value;
      const [from, to] = pair(low[row], high[row]) ?? [];
      values[`interval${i}`] =
        value === null || from === undefined || to === undefined ? null : [value - from, to - value];
    });
    return values;
  });
}

const pair = (low: number | null | undefined, high: number | null | undefined): [number, number] | null =>
  low == null || high == null ? null : [low, high];
