import { CloseButton, CopyButton, Group } from '@mantine/core';
import { useState } from 'react';
import type { Failure } from '../../domain/failure';
import { Icon } from './Icon';
import styles from './shell.module.css';
import { useSourceStack } from './useSourceStack';

/** The failure: what happened, what to do, collapsed details, and a button to copy it all. */
export function FailurePanel({ failure, onDismiss }: { failure: Failure; onDismiss?: () => void }) {
  const [open, setOpen] = useState(false);
  const details = useSourceStack(failure.details);
  const report = `${failure.kind}: ${failure.message}\n${failure.advice}\n\n${details}\n\n${navigator.userAgent}`;
  return (
    <div role="alert" className={styles.failure}>
      <Icon name="warning" />
      <div>
        <h2>{failure.message}</h2>
        <p>{failure.advice}</p>
        <Group gap={16} mt={8} className="small">
          {failure.details !== '' && (
            <button type="button" className="link" aria-expanded={open} onClick={() => setOpen(!open)}>
              {open ? 'Hide details' : 'Details'}
            </button>
          )}
          <CopyButton value={report}>
            {({ copied, copy }) => (
              <button type="button" className="link" onClick={copy}>
                {copied ? 'Copied' : 'Copy report'}
              </button>
            )}
          </CopyButton>
        </Group>
        {open && <pre className={`${styles.details} mono`}>{details}</pre>}
      </div>
      {onDismiss && <CloseButton aria-label="Dismiss" onClick={onDismiss} />}
    </div>
  );
}
