import type { Side } from '../../domain/comparisonRequest';
import { score } from '../evaluate/numbers';
import { SafeMarkdown } from '../rollouts/SafeMarkdown';
import { plural } from '../shell/format';
import styles from './compare.module.css';
import { type LiveComparison, sideScore } from './comparison';

interface Props {
  readonly letter: 'A' | 'B';
  readonly side: Side;
  readonly comparison: LiveComparison;
  /** Which model wrote it; null while hidden. */
  readonly name: string | null;
  readonly graded: boolean;
}

/** An answer while it is written: plain text until complete, because half a Markdown table does not render. */
export function AnswerSide({ letter, side, comparison, name, graded }: Props) {
  const written = comparison.written[side];
  const own = sideScore(comparison, side);
  const writing = written !== null && written.finish === null;
  return (
    <section
      aria-label={`Answer ${letter}`}
      className={styles.side}
      aria-busy={comparison.ended === null && !written?.finish}
    >
      <h3>
        {letter}
        {name !== null && <span className={styles.name}> · {name}</span>}
      </h3>
      <p className="soft small tabular">
        {written ? plural(written.tokens, 'token') : 'no tokens yet'}
        {written?.finish === 'length' && ', cut off at the length limit'}
        {graded && own !== null && ` · score ${score(own)}`}
      </p>
      {!written ? null : writing || comparison.ended === 'stopped' ? (
        <p className={styles.text}>{written.text}</p>
      ) : written.text.trim() === '' ? (
        <p className="soft">The answer is empty.</p>
      ) : (
        <SafeMarkdown text={written.text} />
      )}
    </section>
  );
}
