import { useStore } from 'zustand';
import { formatSeconds, formatShare } from '../shell/format';
import styles from '../shell/shell.module.css';
import { RunButtons } from './RunButtons';
import { type RunState, runStore, selectLive, selectLiveRun, selectWork, type Work } from './runStore';

const selectSecondsLeft = ({ secondsLeft }: RunState) => secondsLeft;

/** Seconds: what is over sooner would only flicker. */
const WORTH_SAYING = 5;

/** Counts where things are counted, a share where bytes are. */
const workText = ({ phase, label, done, total }: Work): string =>
  total <= 1
    ? label
    : phase === 'opening' || phase === 'export'
      ? `${label} ${formatShare(done / total)}`
      : `${label} ${done}/${total}`;

/** On every screen while a run lives: what is going on, how far, how long still. The only thing that moves by itself. */
export function RunBar() {
  const live = useStore(runStore, selectLive);
  const run = useStore(runStore, selectLiveRun);
  const work = useStore(runStore, selectWork);
  const secondsLeft = useStore(runStore, selectSecondsLeft);
  if (live.name === 'idle' && work?.phase !== 'export') return null;

  const share = work && work.total > 0 ? Math.min(1, work.done / work.total) : 0;
  const phase = live.name === 'paused' ? 'Paused' : work ? workText(work) : 'Getting ready';
  return (
    <section className={styles.run} aria-label="Run">
      <div className={styles.runInner}>
        <div className={styles.words}>
          <span className={styles.phase}>{phase}</span>
          {run && (
            <span>
              step {Math.min(run.steps, work?.step ?? run.step)} of {run.steps}
            </span>
          )}
          {work?.secondsLeft != null && work.secondsLeft >= WORTH_SAYING && live.name !== 'paused' && (
            <span className="soft">
              {formatSeconds(work.secondsLeft)} left {secondsLeft === null ? 'of this' : 'in this step'}
            </span>
          )}
          {secondsLeft !== null && live.name !== 'paused' && (
            <span className="soft">about {formatSeconds(secondsLeft)} left</span>
          )}
          {live.name === 'paused' && <span className="soft">Saved. Nothing is lost if you close the tab.</span>}
        </div>
        <RunButtons live={live} />
      </div>
      <div className={styles.track} style={{ width: `${100 * share}%` }} />
    </section>
  );
}
