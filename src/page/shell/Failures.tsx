import { useStore } from 'zustand';
import { dismissFailure, type FailureState, failureStore } from '../connection/failureStore';
import { FailurePanel } from './FailurePanel';
import styles from './shell.module.css';

const selectFailures = ({ failures }: FailureState) => failures;

export function Failures() {
  const failures = useStore(failureStore, selectFailures);
  if (failures.length === 0) return null;
  return (
    <div className={styles.failures}>
      {failures.map(({ id, failure }) => (
        <FailurePanel key={id} failure={failure} onDismiss={() => dismissFailure(id)} />
      ))}
    </div>
  );
}
