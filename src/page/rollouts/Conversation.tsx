import type { RolloutRecord } from '../../domain/rolloutRecord';
import styles from './rollouts.module.css';

const WHO = { user: 'Person', assistant: 'Assistant', system: 'System', developer: 'Developer' } as const;

export function Conversation({ answer }: { answer: RolloutRecord }) {
  return (
    <section className={styles.panel} aria-label="Conversation">
      <div className={styles.panelHead}>
        <h2>Conversation</h2>
        <span className="soft small mono">{answer.promptId}</span>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling text must be reachable by keyboard */}
      <section className={styles.messages} tabIndex={0} aria-label="Messages">
        {answer.prompt.map(({ role, content }, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: messages keep their order
          <div key={i} className={styles.message}>
            <span className="soft small">{WHO[role]}</span>
            <span>{content}</span>
          </div>
        ))}
      </section>
    </section>
  );
}
