import { runGraderName } from '../../domain/graderName';
import type { RunSummary } from '../../domain/run';
import { formatWhen, plural } from '../shell/format';
import styles from './train.module.css';

/** The run in one line. */
export function RunHeadline({ run }: { run: RunSummary }) {
  const { config } = run;
  return (
    <div className={styles.headline}>
      <h1 style={{ fontSize: 18 }}>{run.name}</h1>
      <span className="soft small">
        {run.modelName} on {run.dataName} · {config.promptsPerStep} × {config.groupSize} answers per step · graded by{' '}
        {runGraderName(config.grader)} · started {formatWhen(run.startedAt)} · {plural(run.step, 'step')} done
      </span>
    </div>
  );
}
