import { useDeferredValue, useMemo } from 'react';
import { useStore } from 'zustand';
import styles from '../charts/charts.module.css';
import { LineChart } from '../charts/LineChart';
import { warmStartPlot } from '../charts/plots';
import { mean } from '../charts/series';
import { useIdleTurn } from '../charts/useIdleTurn';
import { runStore, selectWarmStart } from '../run/runStore';
import { formatNumber, formatSeconds, plural } from '../shell/format';
import { Help } from '../shell/Help';
import { selectSmoothing, viewStore } from '../shell/viewStore';

const HEIGHT = 118;
const POINTS = 120;

/** The loss of the supervised steps before the run. Renders nothing in a run without them. */
export function WarmStart({ started }: { started: boolean }) {
  const steps = useDeferredValue(useStore(runStore, selectWarmStart));
  const smoothing = useStore(viewStore, selectSmoothing);
  const plot = useMemo(() => warmStartPlot(steps, { smoothing, points: POINTS }), [steps, smoothing]);
  const { ref, drawn } = useIdleTurn(plot);
  const last = steps.at(-1);
  if (!last) return null;
  const loss = formatNumber(last.loss);
  const perStep = mean(steps.slice(-5).map(({ step_time }) => step_time));
  const left = started || perStep === null ? null : perStep * (last.steps - last.step);
  return (
    <section className={styles.card} aria-label="Warm start" style={{ maxWidth: 560, paddingBlock: 24 }}>
      <div className={styles.head}>
        <h3 className={styles.title}>Warm start: loss</h3>
        <Help title="the warm-start loss">
          Mean negative log-likelihood per token, in nats, averaged over the examples (ideal completions and verdicts).
          It should fall and then level off. A lower loss alone does not make a better grader.
        </Help>
        <span className={`${styles.key} mono soft`}>loss, warm-start.jsonl</span>
        <span className={styles.readout}>{loss}</span>
      </div>
      <div
        ref={ref}
        className={styles.plot}
        style={{ height: HEIGHT }}
        role="img"
        aria-label={`Loss over ${plural(steps.length, 'supervised step')}, from ${formatNumber(steps[0]!.loss)} to ${loss}`}
      >
        {drawn && <LineChart id={null} plot={drawn.data} width={drawn.width} height={HEIGHT} parts={drawn.parts} />}
      </div>
      <p className="soft small tabular">
        {last.step} of {plural(last.steps, 'supervised step')} done
        {left !== null && left > 0 && `, about ${formatSeconds(left)} left`}
        {' · '}
        {plural(last.documents, 'example')} in the last step
        {last.too_long > 0 && `, ${last.too_long} too long and skipped`}
      </p>
    </section>
  );
}
