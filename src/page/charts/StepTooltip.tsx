import { memo, useState } from 'react';
import { Tooltip } from 'recharts';
import { formatMetric } from '../shell/format';
import { nearest, type Plot } from './plots';
import { useHovered } from './useHovered';

interface Props {
  readonly plot: Plot;
  /** The chart's id among those that show the same step; null where it has steps of its own. */
  readonly id: string | null;
}

const BOX = {
  background: 'var(--sheet)',
  border: '1px solid var(--line-strong)',
  borderRadius: 4,
  padding: '4px 8px',
  fontSize: 12.5,
};
const ITEM = { color: 'var(--ink)', padding: 0 };
const CURSOR = { stroke: 'var(--ink-soft)' };

/**
 * The numbers of a step: the one under the pointer, or else the one that another chart or the keyboard points at. There
 * from then until the chart is drawn again, because Recharts measures a tooltip's place whenever the data change, shown
 * or not.
 */
export const StepTooltip = memo(function StepTooltip({ plot, id }: Props) {
  const hovered = useHovered(id);
  const [wantedFor, setWantedFor] = useState<Plot | null>(null);
  if (hovered && wantedFor !== plot) setWantedFor(plot);
  if (id !== null && wantedFor !== plot) return null;
  const at = hovered && hovered.by !== id ? nearest(plot.steps, hovered.step) : null;
  return (
    <Tooltip
      // Where a pointer once was, Recharts shows `defaultIndex` only in a tooltip that waits for clicks.
      trigger={at === null ? 'hover' : 'click'}
      defaultIndex={at ?? undefined}
      isAnimationActive={false}
      itemSorter={bandLast}
      separator=" "
      contentStyle={BOX}
      itemStyle={ITEM}
      cursor={CURSOR}
      labelFormatter={(label) => `step ${label}`}
      formatter={(value) => formatValue(value, plot.unit)}
    />
  );
});

/** Lines and points in their order, then the band. */
export const bandLast = ({ dataKey }: { dataKey?: unknown }): number => (dataKey === 'band' ? 1 : 0);

/** A number, or the two ends of a band. */
const formatValue = (value: unknown, unit: string): string =>
  Array.isArray(value)
    ? value.map((end) => formatMetric(end, unit)).join(' to ')
    : formatMetric(typeof value === 'number' ? value : null, unit);
