import { memo } from 'react';
import type { StepMetrics } from '../../domain/metrics/metrics';
import type { Recipe } from '../../domain/recipe/recipe';
import { plural } from '../shell/format';
import { Icon } from '../shell/Icon';
import { FindingView } from './FindingView';
import { healthOf } from './health';
import styles from './health.module.css';
import { useFindings } from './useFindings';

interface Props {
  readonly metrics: readonly StepMetrics[];
  readonly config: Recipe;
}

/** Is learning healthy? The worst finding in one line; expanded, all findings with their evidence and what to try. */
export const HealthLine = memo(function HealthLine({ metrics, config }: Props) {
  const found = useFindings(metrics, config);
  if (!found) {
    return (
      <section className={styles.health} aria-label="Health">
        <div className={styles.line}>
          <h2>Health</h2>
          <span className="soft">checking the run…</span>
        </div>
      </section>
    );
  }
  const { findings, fine, tooEarlyUntil } = healthOf(found.metrics, found.findings);
  const [worst] = findings;
  const numbers = fine.map((text) => (
    <span key={text} className={styles.fine}>
      <Icon name="check" size={14} /> {text}
    </span>
  ));
  if (!worst) {
    return (
      <section className={styles.health} aria-label="Health">
        <div className={styles.line}>
          <h2>Health</h2>
          {tooEarlyUntil === null ? (
            <span className={styles.fine}>
              <Icon name="check" size={14} /> no problems found
            </span>
          ) : (
            <span className="soft">
              <Icon name="info" size={14} /> too early to tell before step {tooEarlyUntil}: no problem so far
            </span>
          )}
          {numbers}
        </div>
      </section>
    );
  }
  return (
    <section className={styles.health} aria-label="Health">
      <details>
        <summary className={styles.line}>
          <h2>Health</h2>
          <span className={styles[worst.level]}>
            <Icon name={worst.level === 'problem' ? 'warning' : 'info'} size={14} /> {worst.level}: {worst.title}
          </span>
          <span className="link small">
            {findings.length > 1 ? `why, and ${plural(findings.length - 1, 'more finding')}` : 'why, and what to try'}
          </span>
          {numbers}
        </summary>
        <div className={styles.findings}>
          {findings.map((finding) => (
            <FindingView key={finding.id} finding={finding} />
          ))}
        </div>
      </details>
    </section>
  );
});
