import type { RolloutRecord } from '../../rubric/rolloutRecord';
import { type CriterionState, criterionState } from '../../store/rolloutView';
import styles from './rollouts.module.css';

const WORDS: Readonly<Record<CriterionState, string>> = {
  met: 'met',
  notMet: 'not met',
  harm: 'harm',
  avoided: 'avoided',
  ungraded: 'ungraded',
};

/** One mark a criterion, told apart by shape as well as colour; the counts are in the label. */
export function CriteriaDots({ criteria }: { criteria: RolloutRecord['criteria'] }) {
  const states = criteria.map(criterionState);
  const counts = (Object.keys(WORDS) as CriterionState[])
    .map((state) => ({ state, count: states.filter((other) => other === state).length }))
    .filter(({ count }) => count > 0)
    .map(({ state, count }) => `${count} ${WORDS[state]}`)
    .join(', ');
  return (
    <span className={styles.dots} role="img" aria-label={counts} title={counts}>
      {states.map((state, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a rubric keeps its order
        <span key={i} className={`${styles.dot} ${styles[state] ?? ''}`} />
      ))}
    </span>
  );
}
