import { Button } from '@mantine/core';
import type { AgreementReport, AuditedGrader } from '../../evaluation/audit';
import type { SavedEvaluation } from '../../evaluation/evaluations';
import { formatShare, plural } from '../shell/format';
import { AuditComparison } from './AuditComparison';
import styles from './evaluate.module.css';
import { closeEvaluation, exportEvaluation } from './evaluationActions';
import { score, signed } from './numbers';
import { Tile } from './Tile';

type Saved = Extract<SavedEvaluation, { kind: 'audit' }>;

/** Is the grader right? Against physicians or a recorded grader, and physicians among themselves. */
export function AuditResult({ saved: { audit, entry } }: { saved: Saved }) {
  const { graders, physicians, reference } = audit;
  const single = physicians?.individuals ?? [];
  return (
    <section className={styles.result} aria-label="Audit">
      <div className={styles.head}>
        <h2 className={styles.title}>Is the grader right?</h2>
        <span className="soft small">
          {audit.file} · {plural(audit.criteria, 'criterion', 'criteria')} with labels by {reference}
        </span>
      </div>
      <div className={styles.actions}>
        <Button size="compact-sm" onClick={() => exportEvaluation(entry.id, 'report')}>
          Save report
        </Button>
        <Button size="compact-sm" variant="default" onClick={() => exportEvaluation(entry.id, 'json')}>
          Numbers (JSON)
        </Button>
        <Button size="compact-sm" variant="subtle" onClick={closeEvaluation}>
          Close
        </Button>
      </div>
      <AuditComparison audit={audit} />
      {graders.map((grader) => (
        <GraderReport key={grader.name} grader={grader} reference={reference} />
      ))}
      {physicians && (
        <section aria-label="Physicians among themselves" className={styles.stack}>
          <h3>Physicians among themselves, on the same rows</h3>
          <div className={styles.tiles}>
            <Tile
              title="Balanced F1"
              value={score(physicians.pooled.pairwise.f1.balanced)}
              note={plural(physicians.pooled.pairwise.pairs, 'pair')}
            />
            <Tile title="Agreement" value={share(physicians.pooled.accuracy)} note="of pairs" />
            {single.length > 0 && (
              <Tile
                title="Single physicians"
                value={`${score(single[0]!.balancedF1)} to ${score(single.at(-1)!.balancedF1)}`}
                note={`balanced F1, ${plural(single.length, 'physician')}`}
              />
            )}
          </div>
        </section>
      )}
      <Categories
        compared={graders.length === 2}
        columns={[
          ...graders.map(({ name, categories }) => ({ name, categories })),
          ...(physicians ? [{ name: 'physicians', categories: physicians.categories }] : []),
        ]}
      />
    </section>
  );
}

const share = (value: number | null) => (value === null ? '–' : formatShare(value));

function GraderReport({ grader, reference }: { grader: AuditedGrader; reference: string }) {
  const { pooled, ungraded, name } = grader;
  const { confusion, f1, pairs } = pooled.pairwise;
  return (
    <section aria-label={name} className={styles.stack}>
      <h3>{name}</h3>
      <div className={styles.tiles}>
        <Tile
          title="Balanced F1"
          value={score(f1.balanced)}
          note={`met ${score(f1.met)}, not met ${score(f1.notMet)}; ${plural(pairs, 'pair')}`}
        />
        <Tile title={`Agrees with ${reference}`} value={share(pooled.accuracy)} note="of pairs" />
        <Tile title="Cohen’s kappa" value={score(pooled.kappa)} note="0 is chance, 1 is perfect" />
        <Tile title="Ungraded" value={String(ungraded)} note="criteria, not in any pair" />
      </div>
      <table className={`${styles.table} ${styles.narrow}`}>
        <caption className="soft small">Confusion matrix</caption>
        <thead>
          <tr>
            <td />
            <th scope="col">{reference}: met</th>
            <th scope="col">{reference}: not met</th>
          </tr>
        </thead>
        <tbody>
          <tr>
            <th scope="row">Grader: met</th>
            <td>{confusion.metMet}</td>
            <td>{confusion.metNot}</td>
          </tr>
          <tr>
            <th scope="row">Grader: not met</th>
            <td>{confusion.notMet}</td>
            <td>{confusion.notNot}</td>
          </tr>
        </tbody>
      </table>
    </section>
  );
}

interface CategoriesProps {
  readonly columns: readonly { readonly name: string; readonly categories: readonly AgreementReport[] }[];
  /** The second column is the first after training. */
  readonly compared: boolean;
}

function Categories({ columns, compared }: CategoriesProps) {
  const names = [...new Set(columns.flatMap(({ categories }) => categories.map(({ category }) => category)))].sort();
  if (names.length < 2) return null;
  return (
    <details>
      <summary>Balanced F1 (pairs) by category: {names.length}</summary>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">Category</th>
            {columns.map(({ name }) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
            {compared && <th scope="col">After − before</th>}
          </tr>
        </thead>
        <tbody>
          {names.map((category) => {
            const own = columns.map(({ categories }) => categories.find((report) => report.category === category));
            const [before, after] = own.map((report) => report?.pairwise.f1.balanced ?? Number.NaN);
            return (
              <tr key={category}>
                <th scope="row">{category.replace(/^cluster:/, '').replaceAll('_', ' ')}</th>
                {own.map((report, i) => (
                  <td key={columns[i]!.name}>
                    {report ? `${score(report.pairwise.f1.balanced)} (${report.pairwise.pairs})` : '–'}
                  </td>
                ))}
                {compared && <td>{signed(after! - before!)}</td>}
              </tr>
            );
          })}
        </tbody>
      </table>
    </details>
  );
}
