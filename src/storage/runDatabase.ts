import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import type { StepMetrics } from '../domain/metrics/metrics';
import type { RolloutRecord } from '../domain/rolloutRecord';
import type { CheckpointSummary, RunSummary } from '../domain/run';
import type { SavedEvaluation } from '../evaluation/evaluations';
import type { StoredPart } from './checkpointParts';

/** A whole checkpoint. That this record exists is what makes its files valid. */
export interface CheckpointRecord extends CheckpointSummary {
  readonly runId: string;
  /** Folder of its parts in OPFS, under the run's. */
  readonly folder: string;
  readonly parts: readonly StoredPart[];
}

export type StoredRun = Omit<RunSummary, 'checkpoints'>;

/** IndexedDB: everything of a run that is small, by step. */
export interface RunSchema extends DBSchema {
  runs: { key: string; value: StoredRun };
  metrics: { key: [runId: string, step: number]; value: StepMetrics };
  rollouts: { key: [runId: string, step: number]; value: readonly RolloutRecord[] };
  checkpoints: { key: [runId: string, step: number]; value: CheckpointRecord };
  files: { key: [runId: string, name: string]; value: Uint8Array };
  evaluations: { key: string; value: SavedEvaluation };
}
export type RunDatabase = IDBPDatabase<RunSchema>;

export const openRunDatabase = (name = 'autodidact-runs'): Promise<RunDatabase> =>
  openDB<RunSchema>(name, 2, {
    // Version 2 adds the evaluations.
    upgrade(db) {
      for (const store of ['runs', 'metrics', 'rollouts', 'checkpoints', 'files', 'evaluations'] as const)
        if (!db.objectStoreNames.contains(store)) db.createObjectStore(store);
    },
    // A newer version of the page wants to upgrade in another tab: let it.
    blocking: (_current, _blocked, event) => (event.target as IDBDatabase).close(),
  });

/** All keys of a run, from `above` steps on (exclusive). In IndexedDB's order arrays come after numbers and strings. */
export const ofRun = (runId: string, above?: number): IDBKeyRange =>
  above === undefined ? IDBKeyRange.bound([runId], [runId, []]) : IDBKeyRange.bound([runId, above], [runId, []], true);
