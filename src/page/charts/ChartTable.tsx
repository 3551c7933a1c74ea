import { type UIEvent, useState } from 'react';
import { METRICS, type MetricKey, type StepMetrics } from '../../domain/metrics/metrics';
import { formatMetric } from '../shell/format';
import styles from './charts.module.css';

/** Height of a row in charts.module.css, in pixels. */
const ROW = 29;
/** Rows in the page at once, and how many of them lie above the visible ones. */
const SHOWN = 60;
const ABOVE = 20;

/** The chart's numbers for reading and for screen readers, newest first. Renders only rows near the visible ones. */
export function ChartTable({ metrics, keys }: { metrics: readonly StepMetrics[]; keys: readonly MetricKey[] }) {
  const [from, setFrom] = useState(0);
  const most = Math.max(0, metrics.length - SHOWN);
  const first = Math.min(from, most);
  const rows = metrics.slice(Math.max(0, metrics.length - first - SHOWN), metrics.length - first).reverse();
  const follow = ({ currentTarget }: UIEvent<HTMLElement>) => {
    const top = Math.floor(currentTarget.scrollTop / ROW);
    // In tens: not every scrolled row renders the table again.
    setFrom(Math.max(0, Math.floor((top - ABOVE) / 10) * 10));
  };
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling table must be reachable by keyboard
    <section className={styles.table} tabIndex={0} aria-label="Chart data" onScroll={follow}>
      <table aria-rowcount={metrics.length + 1}>
        <thead>
          <tr aria-rowindex={1}>
            <th scope="col">step</th>
            {keys.map((key) => (
              <th key={key} scope="col">
                {METRICS[key].title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <Space rows={first} />
          {rows.map((row, i) => (
            <tr key={row.step} aria-rowindex={first + i + 2}>
              <th scope="row">{row.step}</th>
              {keys.map((key) => (
                <td key={key}>{formatMetric(row[key], METRICS[key].unit)}</td>
              ))}
            </tr>
          ))}
          <Space rows={metrics.length - first - rows.length} />
        </tbody>
      </table>
    </section>
  );
}

/** In place of rows that are not rendered. */
const Space = ({ rows }: { rows: number }) => (rows > 0 ? <tr aria-hidden style={{ height: rows * ROW }} /> : null);
