import { type Check, checkText } from '../../domain/check';
import styles from './rollouts.module.css';

/** Marks a criterion that a program decides; the tooltip says by which rule. */
export const CheckMark = ({ check }: { check: Check }) => (
  <span className={styles.check} title={`Checked by program: ${checkText(check)}`}>
    check
  </span>
);
