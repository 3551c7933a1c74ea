import type { DataReport } from '../../../domain/dataReport';
import { plural } from '../../shell/format';
import styles from '../setup.module.css';

const MOST_THEMES = 8;

/** The first rows of the file and its themes. */
export function DataPreview({ report }: { report: DataReport }) {
  return (
    <div className={styles.preview}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling list must be reachable by keyboard */}
      <ul className={styles.list} aria-label="First prompts" tabIndex={0}>
        {report.preview.map(({ promptId, lastMessage, criteria }) => (
          <li key={promptId}>
            <span className="soft">{plural(criteria, 'criterion', 'criteria')}</span>
            <span>{lastMessage}</span>
          </li>
        ))}
      </ul>
      {report.themes.length > 0 && (
        <p className="soft small">
          {report.themes
            .slice(0, MOST_THEMES)
            .map(({ theme, rows }) => `${theme.replaceAll('_', ' ')} ${rows.toLocaleString('en')}`)
            .join(' · ')}
          {report.themes.length > MOST_THEMES && ` · ${report.themes.length - MOST_THEMES} more themes`}
        </p>
      )}
    </div>
  );
}
