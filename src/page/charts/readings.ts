import { formatMetric } from '../shell/format';
import type { Plot } from './plots';

/** The numbers of a plotted row in words: lines and points in their order, then the band. */
export function readingsAt({ lines, points, band, unit }: Plot, row: number): { label: string; text: string }[] {
  const one = (label: string, value: number | null | undefined) =>
    value == null ? [] : [{ label, text: formatMetric(value, unit) }];
  const [low, high] = [band?.low[row] ?? null, band?.high[row] ?? null];
  return [
    ...lines.flatMap(({ label, raw }) => one(label, raw[row])),
    ...points.flatMap(({ label, values }) => one(label, values[row])),
    ...(band && low !== null && high !== null
      ? [{ label: band.label, text: `${formatMetric(low, unit)} to ${formatMetric(high, unit)}` }]
      : []),
  ];
}
