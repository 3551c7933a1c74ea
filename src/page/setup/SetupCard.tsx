import type { ReactNode } from 'react';
import { Icon } from '../shell/Icon';
import styles from './setup.module.css';

export type CardState = 'ready' | 'opening' | 'problem';

const WORDS = { ready: 'ready', opening: 'opening…', problem: 'problem' } as const;
const ICONS = { ready: 'check', opening: 'more', problem: 'warning' } as const;

interface Props {
  readonly number: number;
  readonly title: string;
  readonly state: CardState;
  readonly children: ReactNode;
}

/** One of the four parts of a run (device, model, data, recipe), with its state as icon and word. */
export function SetupCard({ number, title, state, children }: Props) {
  return (
    <section className={styles.card} aria-label={title}>
      <span className={styles.number} aria-hidden="true">
        {number}
      </span>
      <h2>{title}</h2>
      <div className={styles.body}>{children}</div>
      <span className={`${styles.state} ${styles[state]}`} role="status">
        <Icon name={ICONS[state]} /> {WORDS[state]}
      </span>
    </section>
  );
}
