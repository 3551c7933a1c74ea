import { useStore } from 'zustand';
import evaluate from '../evaluate/evaluate.module.css';
import { formatShare, plural } from '../shell/format';
import styles from './compare.module.css';
import { votesOn } from './comparison';
import { comparisonStore, selectVotes } from './comparisonStore';

/** Blind votes so far, by checkpoint, with their interval. */
export function VoteTally({ choices }: { choices: readonly { readonly value: string; readonly label: string }[] }) {
  const votes = useStore(comparisonStore, selectVotes);
  const rows = [...new Set(votes.map(({ subject }) => subject))].map((subject) => ({
    subject,
    label: choices.find(({ value }) => value === subject)?.label ?? subject,
    tally: votesOn(votes, subject),
  }));
  if (rows.length === 0) return null;
  const open = rows.reduce((sum, { tally }) => sum + tally.open, 0);
  return (
    <section aria-label="Votes so far" className={styles.tally}>
      <h2>Votes so far</h2>
      <table className={`${evaluate.table} ${styles.table}`}>
        <caption className="soft small">
          Since this page was opened. The share excludes “about the same”, with its 95 % Wilson interval: with few votes
          it is wide.
        </caption>
        <thead>
          <tr>
            <th scope="col">Checkpoint</th>
            <th scope="col">Better after training</th>
            <th scope="col">Better before training</th>
            <th scope="col">About the same</th>
            <th scope="col">Share for after training</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ subject, label, tally: { checkpoint, base, same, preferred } }) => (
            <tr key={subject}>
              <th scope="row">{label}</th>
              <td>{checkpoint}</td>
              <td>{base}</td>
              <td>{same}</td>
              <td>
                {preferred
                  ? `${formatShare(preferred.share)} (${formatShare(preferred.interval[0])} to ${formatShare(preferred.interval[1])})`
                  : '–'}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {open > 0 && <p className="soft small">{plural(open, 'vote')} with visible names, not counted.</p>}
    </section>
  );
}
