import type { Evaluation, TagKind } from '../../evaluation/evaluationSummary';
import styles from './evaluate.module.css';
import { interval, number, score } from './numbers';

interface Props {
  readonly title: string;
  readonly kinds: readonly TagKind[];
  readonly evaluation: Evaluation;
  /** Long tables start collapsed. */
  readonly folded?: boolean;
}

/** Scores by tag, each with its interval, number of answers and their length. */
export function ScoreTable({ title, kinds, evaluation, folded = false }: Props) {
  const { tags, length, about } = evaluation;
  const rows = tags.filter(({ kind }) => kinds.includes(kind));
  if (rows.length === 0) return null;
  const table = (
    <table className={styles.table}>
      <caption className="soft small">Graded by {about.grader}</caption>
      <thead>
        <tr>
          <th scope="col">Name</th>
          <th scope="col">Score</th>
          <th scope="col">95 % interval</th>
          <th scope="col">n</th>
          <th scope="col">Mean length, {length.unit}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.tag}>
            <th scope="row">{row.name.replaceAll('_', ' ')}</th>
            <td>{score(row.mean)}</td>
            <td>{interval(row.interval)}</td>
            <td>{row.n}</td>
            <td>{number(row.length)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
  return folded ? (
    <details>
      <summary>{title}</summary>
      {table}
    </details>
  ) : (
    <section aria-label={title}>
      <h3>{title}</h3>
      {table}
    </section>
  );
}
