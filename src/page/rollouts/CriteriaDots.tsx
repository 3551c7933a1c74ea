import type { RolloutRecord } from '../../domain/rolloutRecord';
import styles from './rollouts.module.css';
import { type CriterionState, criterionState } from './rolloutView';

/** The state of a criterion; `open` before it is graded. */
export type DotState = CriterionState | 'open';

const WORDS: Readonly<Record<DotState, string>> = {
  met: 'met',
  notMet: 'not met',
  harm: 'harm',
  avoided: 'avoided',
  ungraded: 'ungraded',
  open: 'not graded yet',
};

/** One mark per criterion, with its own shape and color; the label has the counts. */
export const CriteriaDots = ({ criteria }: { criteria: RolloutRecord['criteria'] }) => (
  <StateDots states={criteria.map(criterionState)} />
);

export function StateDots({ states }: { states: readonly DotState[] }) {
  const counts = (Object.keys(WORDS) as DotState[])
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
