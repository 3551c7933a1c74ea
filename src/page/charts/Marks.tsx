import { memo } from 'react';
import { Area, Line, ReferenceLine } from 'recharts';
import styles from './charts.module.css';
import { HUES } from './hues';
import { Intervals } from './Intervals';
import type { PlotArea } from './plotArea';
import type { Plot } from './plots';
import { RawPoints, SmoothLine, SparsePoints } from './shapes';

/** In the order of the page: Recharts draws what is in a layer of its own twice. */
const IN_ORDER = 0;
const STILL = {
  isAnimationActive: false,
  legendType: 'none',
  type: 'linear',
  activeDot: false,
  zIndex: IN_ORDER,
} as const;
const LINE = { ...STILL, dot: false } as const;

interface Props {
  readonly plot: Plot;
  readonly area: PlotArea;
}

/** Stacked areas; or band, level, faint measured points, strong smoothed line, and the points of a few steps. */
export const Marks = memo(function Marks({ plot: { steps, lines, points, band, level, stacked }, area }: Props) {
  if (stacked) {
    return lines.map(({ label, hue }, i) => (
      <Area
        {...STILL}
        key={label}
        dataKey={`raw${i}`}
        stackId="all"
        fill={HUES[hue]}
        fillOpacity={0.75}
        stroke="none"
      />
    ));
  }
  return (
    <>
      {band && <Area {...STILL} dataKey="band" fill={HUES[lines[0]?.hue ?? 'grey']} fillOpacity={0.1} stroke="none" />}
      {level && (
        <ReferenceLine
          y={level.value}
          className={styles.level}
          zIndex={IN_ORDER}
          label={{ value: level.label, position: 'insideBottomRight', className: styles.tick, zIndex: IN_ORDER }}
        />
      )}
      {lines.map(({ label, hue }, i) => (
        <Line {...LINE} key={label} dataKey={`raw${i}`} shape={RawPoints} stroke={HUES[hue]} />
      ))}
      {lines.map(({ label, hue }, i) => (
        <Line {...LINE} key={label} dataKey={`smooth${i}`} shape={SmoothLine} stroke={HUES[hue]} />
      ))}
      {points.map(({ label, hue, low, high }) => (
        <Intervals key={label} steps={steps} low={low} high={high} area={area} stroke={HUES[hue]} />
      ))}
      {points.map(({ label, hue }, i) => (
        <Line {...LINE} key={label} dataKey={`point${i}`} shape={SparsePoints} stroke={HUES[hue]} />
      ))}
    </>
  );
});

/** A row per step, as Recharts takes them: the keys are those of the marks. */
export function rowsOf({ steps, lines, points, band }: Plot): Record<string, unknown>[] {
  return steps.map((step, row) => {
    const [low, high] = [band?.low[row] ?? null, band?.high[row] ?? null];
    const values: Record<string, unknown> = { step, band: low === null || high === null ? null : [low, high] };
    lines.forEach(({ raw, smooth }, i) => {
      values[`raw${i}`] = raw[row] ?? null;
      values[`smooth${i}`] = smooth[row] ?? null;
    });
    points.forEach(({ values: own }, i) => {
      values[`point${i}`] = own[row] ?? null;
    });
    return values;
  });
}
