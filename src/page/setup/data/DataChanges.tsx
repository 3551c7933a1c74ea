import type { DataReport } from '../../../domain/dataReport';
import { plural } from '../../shell/format';
import styles from '../setup.module.css';

/** What reading changed about rows that are used, each with its number of rows. */
export function DataChanges({ changes }: Pick<DataReport, 'changes'>) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling list must be reachable by keyboard
    <ul className={styles.list} aria-label="Changed on reading" tabIndex={0}>
      {changes.map(({ what, rows }) => (
        <li key={what}>
          <span className="tabular soft">{plural(rows, 'row')}</span>
          <span>{what}</span>
        </li>
      ))}
    </ul>
  );
}
