import type { RowProblem } from '../../../domain/dataReport';
import styles from '../setup.module.css';

const SHOWN = 200;

/** Every skipped row, with its line and the reason. The list is long only when the file is broken. */
export function DataProblems({ problems }: { problems: readonly RowProblem[] }) {
  const several = new Set(problems.map(({ file }) => file)).size > 1;
  return (
    <div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling list must be reachable by keyboard */}
      <ul className={styles.list} aria-label="Skipped rows" tabIndex={0}>
        {problems.slice(0, SHOWN).map(({ file, line, reason }) => (
          <li key={`${file}:${line}:${reason}`}>
            <span className="tabular soft">line {line.toLocaleString('en')}</span>
            <span>
              {several && <span className="soft">{file}: </span>}
              {reason}
            </span>
          </li>
        ))}
      </ul>
      {problems.length > SHOWN && (
        <p className="soft small">and {(problems.length - SHOWN).toLocaleString('en')} more</p>
      )}
    </div>
  );
}
