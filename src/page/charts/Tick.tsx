import type { ReactNode } from 'react';
import { formatMetric } from '../shell/format';
import styles from './charts.module.css';

interface Place {
  readonly x: number | string;
  readonly y: number | string;
  readonly payload: { readonly value: number };
}

/** Plain text, which the browser need not measure first. */
const tick = (x: number, y: number, anchor: 'end' | 'middle', text: ReactNode) => (
  <text className={styles.tick} x={x} y={y} textAnchor={anchor}>
    {text}
  </text>
);

export const stepTick = ({ x, y, payload }: Place) => tick(Number(x), Number(y) + 6, 'middle', payload.value);

export const valueTick =
  (format: (value: number) => string) =>
  ({ x, y, payload }: Place) =>
    tick(Number(x) - 2, Number(y) + 4, 'end', payload.value === 0 ? '0' : format(payload.value));

/** Percents on an axis: as few digits as they need. */
export const metricTick = (unit: string) =>
  valueTick((value) =>
    unit === '%' ? `${Number((100 * value).toPrecision(3))}%`.replace('-', '−') : formatMetric(value, unit),
  );
