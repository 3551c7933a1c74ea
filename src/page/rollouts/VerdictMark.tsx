import { Icon } from '../shell/Icon';
import styles from './rollouts.module.css';
import type { CriterionState } from './rolloutView';

const MARKS = {
  met: { icon: 'check', word: 'met' },
  notMet: { icon: 'cross', word: 'not met' },
  harm: { icon: 'warning', word: 'harm' },
  avoided: { icon: 'check', word: 'avoided' },
  ungraded: { icon: 'ungraded', word: 'ungraded' },
} as const;

export function VerdictMark({ state }: { state: CriterionState }) {
  const { icon, word } = MARKS[state];
  return (
    <span className={`${styles.mark} ${styles[state]}`}>
      <Icon name={icon} size={14} /> {word}
    </span>
  );
}
