import { Button } from '@mantine/core';
import { useStore } from 'zustand';
import { callStore } from '../connection/calls';
import { formatSeconds, formatShare } from '../shell/format';
import styles from './evaluate.module.css';
import { stopEvaluation } from './evaluationActions';
import { selectBusy, selectEvaluationWork } from './evaluationStore';

/** What is under way, how far, how long still. */
export function WorkLine() {
  const busy = useStore(callStore, selectBusy);
  const work = useStore(callStore, selectEvaluationWork);
  if (!busy || busy === 'compare') return null;
  const known = work && work.total > 1 ? work : null;
  const share = known ? Math.min(1, known.done / known.total) : 0;
  return (
    <section className={styles.work} aria-label="Evaluation under way">
      <span role="status">{known ? known.label : 'Getting ready'}</span>
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
