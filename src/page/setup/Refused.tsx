import { useState } from 'react';
import type { Failure } from '../../domain/failure';
import { useSourceStack } from '../shell/useSourceStack';
import styles from './setup.module.css';

/** The failure of a card, shown on the card itself. */
export function Refused({ failure }: { failure: Failure }) {
  const [open, setOpen] = useState(false);
  const details = useSourceStack(failure.details);
  return (
    <div className={styles.refused} role="alert">
      <p>
        <strong>{failure.message}</strong>
      </p>
      <p>{failure.advice}</p>
      {failure.details !== '' && (
        <>
          <button type="button" className="link small" aria-expanded={open} onClick={() => setOpen(!open)}>
            {open ? 'Hide details' : 'Details'}
          </button>
          {open && (
            <pre className="mono" style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
              {details}
            </pre>
          )}
        </>
      )}
    </div>
  );
}
