import type { RunSummary } from '../../domain/run';
import type { RunCheckpoint, RunStore } from '../../storage/runStore';
import { DamagedCheckpoint } from '../../storage/storageError';

interface Found {
  /** Null when none is whole. */
  readonly checkpoint: RunCheckpoint | null;
  /** Newer ones, newest first. */
  readonly damaged: readonly DamagedCheckpoint[];
}

/** The newest checkpoint of a run that reads back as it was saved. */
export async function newestWhole(
  store: Pick<RunStore, 'loadCheckpoint'>,
  { runId, checkpoints }: Pick<RunSummary, 'runId' | 'checkpoints'>,
): Promise<Found> {
  const damaged: DamagedCheckpoint[] = [];
  for (const { step } of checkpoints.toReversed()) {
    try {
      const checkpoint = await store.loadCheckpoint(runId, step);
      if (checkpoint) return { checkpoint, damaged };
    } catch (error) {
      if (!(error instanceof DamagedCheckpoint)) throw error;
      damaged.push(error);
    }
  }
  return { checkpoint: null, damaged };
}
