import { METRICS, type MetricKey, type StepMetrics } from '../../domain/metrics/metrics';
import { formatMetric } from '../shell/format';
import styles from './charts.module.css';

const SHOWN = 200;

/** The chart's numbers for reading and for screen readers, newest first. */
export function ChartTable({ metrics, keys }: { metrics: readonly StepMetrics[]; keys: readonly MetricKey[] }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling table must be reachable by keyboard
    <section className={styles.table} tabIndex={0} aria-label="Numbers of this chart">
      <table>
        <thead>
          <tr>
            <th scope="col">step</th>
            {keys.map((key) => (
              <th key={key} scope="col">
                {METRICS[key].title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {metrics
            .slice(-SHOWN)
            .reverse()
            .map((row) => (
              <tr key={row.step}>
                <th scope="row">{row.step}</th>
                {keys.map((key) => (
                  <td key={key}>{formatMetric(row[key], METRICS[key].unit)}</td>
                ))}
              </tr>
            ))}
        </tbody>
      </table>
    </section>
  );
}
