import { Button } from '@mantine/core';
import { useStore } from 'zustand';
import { callStore } from '../connection/calls';
import { formatSeconds, formatShare } from '../shell/format';
import styles from './evaluate.module.css';
import { stopEvaluation } from './evaluationActions';
import { selectBusy, selectEvaluationWork } from './evaluationStore';

/** The work in progress, its share done and the time left. */
export function WorkLine() {
  const busy = useStore(callStore, selectBusy);
  const work = useStore(callStore, selectEvaluationWork);
  if (!busy || busy === 'compare') return null;
  const known = work && work.total > 1 ? work : null;
  const share = known ? Math.min(1, known.done / known.total) : 0;
  return (
    <section className={styles.work} aria-label="Evaluation in progress">
      <span role="status">{known ? known.label : 'Preparing'}</span>
      <span className="soft tabular">
        {known && (known.label === 'Loading the model' ? formatShare(share) : `${known.done} of ${known.total}`)}
        {known?.secondsLeft != null && ` · about ${formatSeconds(known.secondsLeft)} left`}
      </span>
      <progress className={styles.progress} value={share} max={1} aria-label="Progress" />
      <Button size="compact-sm" variant="default" onClick={stopEvaluation}>
        Stop
      </Button>
    </section>
  );
}
