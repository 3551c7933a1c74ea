import { useStore } from 'zustand';
import type { Work } from '../../protocol/requests';
import { type CallState, callStore, openCall } from '../connection/calls';
import { formatSeconds, formatShare } from '../shell/format';
import styles from '../shell/shell.module.css';
import { RunButtons } from './RunButtons';
import { type RunState, runStore, selectLive, selectLiveRun, selectWork } from './runStore';

const selectSecondsLeft = ({ secondsLeft }: RunState) => secondsLeft;

const selectExport = (calls: CallState) => openCall(calls, 'exportRun')?.work ?? null;

/** Seconds; shorter work would only flicker. */
const WORTH_SAYING = 5;

/** Counts where things are counted, a share where bytes are. */
const workText = ({ phase, label, done, total }: Work): string =>
  total <= 1
    ? label
    : phase === 'opening' || phase === 'export'
      ? `${label} ${formatShare(done / total)}`
      : `${label} ${done}/${total}`;

/** On every screen during a run: the current work, the share done and the time left. Nothing else moves by itself. */
export function RunBar() {
  const live = useStore(runStore, selectLive);
  const run = useStore(runStore, selectLiveRun);
  const ofRun = useStore(runStore, selectWork);
  const ofExport = useStore(callStore, selectExport);
  const secondsLeft = useStore(runStore, selectSecondsLeft);
  const work = live.name === 'idle' ? ofExport : ofRun;
  if (live.name === 'idle' && !work) return null;

  const share = work && work.total > 0 ? Math.min(1, work.done / work.total) : 0;
  const phase = live.name === 'paused' ? 'Paused' : work ? workText(work) : 'Preparing';
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
              {formatSeconds(work.secondsLeft)} left {secondsLeft === null ? 'for this' : 'in this step'}
            </span>
          )}
          {secondsLeft !== null && live.name !== 'paused' && (
            <span className="soft">about {formatSeconds(secondsLeft)} left</span>
          )}
          {live.name === 'paused' && <span className="soft">Saved. You can close the tab.</span>}
        </div>
        <RunButtons live={live} />
      </div>
      <div className={styles.track} style={{ width: `${100 * share}%` }} />
    </section>
  );
}
