import type { ReviewItem } from '../../evaluation/review';
import { SafeMarkdown } from '../rollouts/SafeMarkdown';
import styles from './review.module.css';

const WHO = { user: 'Person', assistant: 'Assistant', system: 'Instructions', developer: 'Instructions' } as const;

/** The conversation and the answer behind the verdict. */
export function ReviewItemView({ item }: { item: ReviewItem }) {
  return (
    <div className={styles.column}>
      <section aria-label="Conversation" className={styles.panel}>
        <h2>Conversation</h2>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling text must be reachable by keyboard */}
        <section className={styles.messages} tabIndex={0} aria-label="Messages">
          {item.prompt.map(({ role, content }, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: messages keep their order
            <div key={i} className={styles.message}>
              <span className="soft small">{WHO[role]}</span>
              <span>{content}</span>
            </div>
          ))}
        </section>
      </section>
      <section aria-label="Answer" className={styles.panel}>
        <h2>Answer</h2>
        {item.completion.trim() === '' ? (
          <p className="soft">The answer is empty.</p>
        ) : (
          <SafeMarkdown text={item.completion} />
        )}
      </section>
    </div>
  );
}
