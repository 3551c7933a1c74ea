import { Button } from '@mantine/core';
import { useStore } from 'zustand';
import { formatWhen } from '../shell/format';
import styles from './evaluate.module.css';
import { deleteEvaluation, openEvaluation } from './evaluationActions';
import { evaluationStore, selectEntries } from './evaluationStore';
import { score as shownScore } from './numbers';

/** Earlier evaluations and audits. */
export function SavedList() {
  const entries = useStore(evaluationStore, selectEntries);
  if (!entries || entries.length === 0) return null;
  return (
    <section aria-label="Saved evaluations">
      <h2>Saved evaluations</h2>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">Model</th>
            <th scope="col">Result</th>
            <th scope="col">Grader</th>
            <th scope="col">Data</th>
            <th scope="col">Date</th>
            <th scope="col">
              <span className="heard">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {entries.map(({ id, kind, model, grader, data, madeAt, score }) => (
            <tr key={id}>
              <th scope="row">{model}</th>
              <td className="tabular">
                {kind === 'audit' ? 'balanced F1' : 'score'} {shownScore(score)}
              </td>
              <td>{grader}</td>
              <td>{data}</td>
              <td>{formatWhen(madeAt)}</td>
              <td className={styles.right}>
                <Button
                  size="compact-sm"
                  variant="subtle"
                  aria-label={`Open the ${kind} of ${model}, ${formatWhen(madeAt)}`}
                  onClick={() => openEvaluation(id)}
                >
                  Open
                </Button>
                <Button
                  size="compact-sm"
                  variant="subtle"
                  color="red"
                  aria-label={`Delete the ${kind} of ${model}, ${formatWhen(madeAt)}`}
                  onClick={() => deleteEvaluation(id)}
                >
                  Delete
                </Button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
