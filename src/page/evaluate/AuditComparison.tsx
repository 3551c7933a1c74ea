import type { AgreementReport } from '../../evaluation/audit';
import type { Audit } from '../../evaluation/auditSummary';
import { formatShare, plural } from '../shell/format';
import styles from './evaluate.module.css';
import { interval, score, signed } from './numbers';

const share = (value: number | null) => (value === null ? '–' : formatShare(value));
const points = (value: number) =>
  Number.isFinite(value) ? `${value > 0 ? '+' : ''}${(100 * value).toFixed(0)} points`.replace('-', '−') : '–';

const MEASURES: readonly {
  title: string;
  of: (own: AgreementReport) => number | null;
  show: (value: number | null) => string;
  change: (value: number) => string;
}[] = [
  { title: 'F1, balanced', of: ({ pairwise }) => pairwise.f1.balanced, show: score, change: signed },
  { title: 'F1 of “met”', of: ({ pairwise }) => pairwise.f1.met, show: score, change: signed },
  { title: 'F1 of “not met”', of: ({ pairwise }) => pairwise.f1.notMet, show: score, change: signed },
  { title: 'Agreement (pairs)', of: ({ accuracy }) => accuracy, show: share, change: points },
  { title: 'Cohen’s kappa', of: ({ kappa }) => kappa, show: score, change: signed },
];

/**
 * Before and after training on the same criteria, with the difference. Renders nothing with one grader, and in audits
 * saved by older versions.
 */
export function AuditComparison({ audit: { change, graders, physicians } }: { audit: Audit }) {
  if (!change) return null;
  const { criteria, before, after, difference, interval: range, gained, lost } = change;
  const clear = range !== null && (range[0] > 0 || range[1] < 0);
  return (
    <section aria-label="Before and after" className={styles.stack}>
      <h3>Before and after training, on the same criteria</h3>
      <p>
        Balanced F1 {score(before.pairwise.f1.balanced)} → {score(after.pairwise.f1.balanced)}:{' '}
        <strong>{signed(difference ?? Number.NaN)}</strong>
        {range !== null && ` (95 %: ${interval(range)})`}.{' '}
        {range === null
          ? 'Too few prompts for an interval.'
          : clear
            ? 'The interval does not contain 0.'
            : 'The interval contains 0, so no difference is shown.'}{' '}
        Of {plural(after.pairwise.pairs, 'pair')}, {gained} changed to correct and {lost} to wrong.
      </p>
      <table className={styles.table}>
        <caption className="soft small">
          The {plural(criteria, 'criterion', 'criteria')} that both graded, {plural(after.pairwise.pairs, 'pair')}
        </caption>
        <thead>
          <tr>
            <th scope="col">Measure</th>
            <th scope="col">{graders[0]!.name}</th>
            <th scope="col">{graders[1]!.name}</th>
            <th scope="col">Difference</th>
            {physicians && <th scope="col">Physicians among themselves</th>}
          </tr>
        </thead>
        <tbody>
          {MEASURES.map(({ title, of, show, change: changed }) => (
            <tr key={title}>
              <th scope="row">{title}</th>
              <td>{show(of(before))}</td>
              <td>{show(of(after))}</td>
              <td>{changed((of(after) ?? Number.NaN) - (of(before) ?? Number.NaN))}</td>
              {physicians && <td>{show(of(physicians.pooled))}</td>}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
