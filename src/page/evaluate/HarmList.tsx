import type { Harm } from '../../evaluation/evaluation';
import { plural } from '../shell/format';
import { Icon } from '../shell/Icon';
import styles from './evaluate.module.css';

const SHOWN = 20;

/** Negative criteria that the answers met, worst first. */
export function HarmList({ harms, grader }: { harms: readonly Harm[]; grader: string }) {
  if (harms.length === 0) return null;
  return (
    <details>
      <summary>
        <Icon name="warning" size={14} /> {plural(harms.length, 'harm')}, graded by {grader}
      </summary>
      <ul className={styles.harms}>
        {harms.slice(0, SHOWN).map(({ promptId, criterion, points, explanation, completion }, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the list does not change
          <li key={i}>
            <span className={styles.harm}>−{Math.abs(points)}</span> {criterion}
            {explanation !== '' && <span className="soft"> {explanation}</span>}
            <details>
              <summary className="soft small">answer to {promptId}</summary>
              <p className={styles.text}>{completion}</p>
            </details>
          </li>
        ))}
      </ul>
      {harms.length > SHOWN && <p className="soft small">The report lists all.</p>}
    </details>
  );
}
