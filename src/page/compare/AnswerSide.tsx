import type { Side } from '../../domain/comparisonRequest';
import { score } from '../evaluate/numbers';
import { SafeMarkdown } from '../rollouts/SafeMarkdown';
import { plural } from '../shell/format';
import styles from './compare.module.css';
import { type AskedComparison, sideScore } from './comparison';

interface Props {
  readonly letter: 'A' | 'B';
  readonly side: Side;
  readonly asked: AskedComparison;
  /** Which of the two it is; null while that is hidden. */
  readonly name: string | null;
  readonly graded: boolean;
}

/** One answer as it is written: plain text until its end, since half a Markdown table is none. */
export function AnswerSide({ letter, side, asked, name, graded }: Props) {
  const written = asked.written[side];
  const own = sideScore(asked, side);
  const writing = written !== null && written.finish === null;
  return (
    <section
      aria-label={`Answer ${letter}`}
      className={styles.side}
      aria-busy={asked.ended === null && !written?.finish}
    >
      <h3>
        {letter}
        {name !== null && <span className={styles.name}> · {name}</span>}
      </h3>
      <p className="soft small tabular">
        {written ? plural(written.tokens, 'token') : 'nothing yet'}
        {written?.finish === 'length' && ', cut off at the longest answer'}
        {graded && own !== null && ` · score ${score(own)}`}
      </p>
      {!written ? null : writing || asked.ended === 'stopped' ? (
        <p className={styles.text}>{written.text}</p>
      ) : written.text.trim() === '' ? (
        <p className="soft">Nothing was written.</p>
      ) : (
        <SafeMarkdown text={written.text} />
      )}
    </section>
  );
}
