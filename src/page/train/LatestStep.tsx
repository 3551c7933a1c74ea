import { useEffect } from 'react';
import { useStore } from 'zustand';
import { CriteriaDots } from '../rollouts/CriteriaDots';
import { loadRollouts, type RolloutState, rolloutStore, stepKey } from '../rollouts/rolloutStore';
import { bestMedianWorst, excerpt } from '../rollouts/rolloutView';
import { type RunState, runStore, selectMetrics, selectShownId } from '../run/runStore';
import { formatNumber } from '../shell/format';
import { formatRoute } from '../shell/route';
import styles from './train.module.css';

const selectLastStep = (state: RunState) => selectMetrics(state).at(-1)?.step ?? null;
const selectSteps = ({ steps }: RolloutState) => steps;

/** The best, median and worst answer of the step, not its first rows. */
export function LatestStep() {
  const runId = useStore(runStore, selectShownId);
  const last = useStore(runStore, selectLastStep);
  const steps = useStore(rolloutStore, selectSteps);
  useEffect(() => {
    if (runId !== null && last !== null) loadRollouts(runId, last);
  }, [runId, last]);
  if (runId === null || last === null) return null;

  // While the newest step loads, the previous one stays.
  const step = [last, last - 1, last - 2].find((candidate) => steps.has(stepKey(runId, candidate)));
  const places = step === undefined ? [] : bestMedianWorst(steps.get(stepKey(runId, step))!);
  const route = (group: number, index: number | null) =>
    formatRoute({ page: 'rollouts', runId, step: step ?? last, group, index });
  return (
    <section className={styles.latest} aria-label="Latest step">
      <div className={styles.headline} style={{ padding: 0 }}>
        <h2>Latest step</h2>
        <a className="link small" href={route(0, null)}>
          Open step {step ?? last}
        </a>
      </div>
      <div className={styles.answers}>
        {places.map(({ place, answer }) => (
          <a key={place} className={styles.answer} href={route(answer.group, answer.index)}>
            <span className="small tabular">
              <strong>{place}</strong> <span className="soft">reward {formatNumber(answer.reward)}</span>
            </span>
            <span className={styles.excerpt}>{excerpt(answer.completion)}</span>
            <CriteriaDots criteria={answer.criteria} />
          </a>
        ))}
      </div>
    </section>
  );
}
