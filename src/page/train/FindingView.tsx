import type { Evidence, Finding } from '../../diagnosis/finding';
import { inUnit } from '../../diagnosis/words';
import { METRICS } from '../../domain/metrics/metrics';
import { runStore } from '../run/runStore';
import { Icon } from '../shell/Icon';
import { formatRoute, ROLLOUTS } from '../shell/route';
import styles from './health.module.css';

/** One finding: its first step, the evidence, the likely cause, what to try, and a link to the answers of that step. */
export function FindingView({ finding }: { finding: Finding }) {
  const { level, title, step, evidence, cause, tries, consequences } = finding;
  const answers = formatRoute({ ...ROLLOUTS, runId: runStore.getState().shownId, step });
  return (
    <article className={styles.finding} aria-label={title}>
      <h3 className={styles[level]}>
        <Icon name={level === 'problem' ? 'warning' : 'info'} size={14} /> {level}: {title}
      </h3>
      <p className="tabular">
        Since{' '}
        <a className="link" href={answers}>
          step {step}
        </a>
        {evidence.map((item) => (
          <EvidenceView key={item.key} evidence={item} />
        ))}
      </p>
      <p>
        <strong>Likely cause.</strong> {cause}
      </p>
      <div>
        <strong>What to try</strong>
        <ul className={styles.tries}>
          {tries.map((text) => (
            <li key={text}>{text}</li>
          ))}
        </ul>
      </div>
      {consequences.length > 0 && (
        <details className="small">
          <summary>Consequences ({consequences.length})</summary>
          <ul className={styles.tries}>
            {consequences.map((other) => (
              <li key={other.id}>
                {other.title}, since step {other.step}
              </li>
            ))}
          </ul>
        </details>
      )}
    </article>
  );
}

function EvidenceView({ evidence: { key, before, now } }: { evidence: Evidence }) {
  const { title, unit } = METRICS[key];
  return (
    <span className={styles.evidence}>
      {title} {before !== null && `${inUnit(before, unit)} → `}
      <strong>{inUnit(now, unit)}</strong> <span className="soft mono">{key}</span>
    </span>
  );
}
