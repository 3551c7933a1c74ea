import { useStore } from 'zustand';
import { formatMetric } from '../shell/format';
import { selectHoverStep, viewStore } from '../shell/viewStore';
import styles from './charts.module.css';
import { nearest, type Plot } from './plots';

/** The numbers under the cursor; without a cursor, those of the last step. */
export function Readout({ plot }: { plot: Plot }) {
  const step = useStore(viewStore, selectHoverStep);
  const i = step === null ? plot.steps.length - 1 : nearest(plot.steps, step);
  if (i === null || i < 0) return null;
  const values = plot.lines.map(({ raw }) => formatMetric(raw[i] ?? null, plot.unit)).join(' · ');
  const measured = plot.points.filter(({ values: own }) => own[i] != null);
  const [low, high] = [plot.band?.low[i] ?? null, plot.band?.high[i] ?? null];
  return (
    <span className={styles.readout}>
      {step !== null && <span className="soft">step {plot.steps[i]} · </span>}
      {values}
      {step !== null &&
        measured.map(({ label, values: own }) => (
          <span key={label} className="soft">
            {' '}
            · {label.toLowerCase()} {formatMetric(own[i] ?? null, plot.unit)}
          </span>
        ))}
      {low !== null && high !== null && step !== null && (
        <span className="soft">
          {' '}
          ({formatMetric(low, plot.unit)} to {formatMetric(high, plot.unit)})
        </span>
      )}
    </span>
  );
}
