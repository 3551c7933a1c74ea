import { useEffect } from 'react';
import { useStore } from 'zustand';
import { listRuns } from '../run/runActions';
import { runStore, selectLiveId, selectRuns } from '../run/runStore';
import styles from './checkpoints.module.css';
import { RunItem } from './RunItem';
import { SavedModels } from './SavedModels';
import { StorageLine } from './StorageLine';

/** Saved runs, newest first: continue, export or delete them. */
export function CheckpointsPage() {
  const runs = useStore(runStore, selectRuns);
  const liveId = useStore(runStore, selectLiveId);
  useEffect(listRuns, []);
  if (runs === null) return <p className="soft">Loading saved runs…</p>;
  if (runs.length === 0) {
    return (
      <div className={styles.empty}>
        <h1 className={styles.lead}>No runs yet</h1>
        <p className="soft">
          Runs and their checkpoints are saved in this browser, on this computer. Here you can continue a run, export
          its adapter or model, and delete it.
        </p>
        <SavedModels />
      </div>
    );
  }
  return (
    <div className={styles.list}>
      <h1 className="heard">Checkpoints</h1>
      <StorageLine />
      {runs.map((run) => (
        <RunItem key={run.runId} run={run} live={run.runId === liveId} busy={liveId !== null} />
      ))}
      <SavedModels />
    </div>
  );
}
