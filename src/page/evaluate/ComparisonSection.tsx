import type { Evaluation } from '../../evaluation/evaluationSummary';
import { formatShare, plural } from '../shell/format';
import { Icon } from '../shell/Icon';
import styles from './evaluate.module.css';
import { interval, number, score, signed } from './numbers';

const SHOWN = 12;

/** The comparison with the model before training, prompt by prompt. */
export function ComparisonSection({ evaluation }: { evaluation: Evaluation }) {
  const { comparison, overall, length } = evaluation;
  if (!comparison) return null;
  const { paired, baseline, flips, sameGrader } = comparison;
  const clear = paired.interval[0] > 0 || paired.interval[1] < 0;
  return (
    <section aria-label="Comparison" className={styles.stack}>
      <h3>Compared with {baseline.model}</h3>
      <p>
        Score {score(comparison.score.mean)} → {score(overall.mean)}: <strong>{signed(paired.difference)}</strong> on
        the same prompts (95 %: {interval(paired.interval)}).{' '}
        {clear ? 'The interval does not contain 0.' : 'The interval contains 0, so no difference is shown.'}
      </p>
      <p>
        Better on {paired.wins}, equal on {paired.ties}, worse on {paired.losses} of {plural(paired.prompts, 'prompt')}.
        Mean length {number(comparison.length)} → {number(length.mean)} {length.unit}.
      </p>
      {!sameGrader && (
        <p className={styles.watch}>
          <Icon name="warning" /> Different graders graded before and after: the difference mixes answers and graders.
        </p>
      )}
      {flips.length > 0 && (
        <details>
          <summary>{plural(flips.length, 'criterion', 'criteria')} changed verdict</summary>
          <table className={styles.table}>
            <thead>
              <tr>
                <th scope="col">Change</th>
                <th scope="col">Before</th>
                <th scope="col">After</th>
                <th scope="col">Points</th>
                <th scope="col">Criterion</th>
              </tr>
            </thead>
            <tbody>
              {flips.slice(0, SHOWN).map((flip) => (
                <tr key={`${flip.promptId} ${flip.criterion}`}>
                  <td>{flip.better ? '▲ better' : '▼ worse'}</td>
                  <td>{formatShare(flip.before)}</td>
                  <td>{formatShare(flip.after)}</td>
                  <td>{flip.points}</td>
                  <td>{flip.criterion}</td>
                </tr>
              ))}
            </tbody>
          </table>
          {flips.length > SHOWN && <p className="soft small">The report lists all.</p>}
        </details>
      )}
    </section>
  );
}
