import { useEffect } from 'react';
import { useStore } from 'zustand';
import type { RunSummary } from '../../domain/run';
import { showRun } from './runActions';
import { type RunState, runStore, selectShown } from './runStore';

/** The newest run, while none is shown and none is about to start. */
const selectCandidate = ({ runs, shownId, live }: RunState) =>
  shownId === null && live.name === 'idle' ? (runs?.[0]?.runId ?? null) : null;

/** The run that is shown; after a reload, `wanted` or else the newest one. Null when there is none. */
export function useShownRun(wanted: string | null = null): RunSummary | null {
  const shown = useStore(runStore, selectShown);
  const candidate = useStore(runStore, selectCandidate);
  useEffect(() => {
    if (wanted !== null && wanted !== runStore.getState().shownId) showRun(wanted);
    else if (candidate !== null) showRun(candidate);
  }, [wanted, candidate]);
  return shown;
}
