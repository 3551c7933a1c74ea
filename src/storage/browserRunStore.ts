import type { CheckpointSummary, RunSummary } from '../domain/run';
import { newId } from '../random';
import { CheckpointReader, describeParts } from './checkpointParts';
import { findFolder, folderAt, namesIn, readFile, remove, writeFile } from './opfs';
import { type CheckpointRecord, ofRun, openRunDatabase, type RunDatabase, type StoredRun } from './runDatabase';
import { checkName, type RunStore } from './runStore';
import { orDiskFull } from './storageError';

const RUNS = 'runs';
const WRITE = ['runs', 'metrics', 'rollouts', 'checkpoints', 'files'] as const;

/**
 * Runs in the browser, for a worker: IndexedDB for what is small, OPFS for the parts of checkpoints. A checkpoint's
 * parts go to a folder of their own; its record, written last in one transaction, makes them count. Folders without a
 * record are swept at the next save.
 */
export async function openBrowserRunStore(root?: FileSystemDirectoryHandle, databaseName?: string): Promise<RunStore> {
  const db = await openRunDatabase(databaseName);
  const files = root ?? (await navigator.storage.getDirectory());
  return browserRunStore(db, files);
}

function browserRunStore(db: RunDatabase, root: FileSystemDirectoryHandle): RunStore {
  const reader = new CheckpointReader();
  const known = async (runId: string): Promise<StoredRun> => {
    const run = await db.get('runs', runId);
    if (!run) throw new Error(`There is no run ${runId}`);
    return run;
  };
  const withCheckpoints = async (run: StoredRun): Promise<RunSummary> => {
    const records = await db.getAll('checkpoints', ofRun(run.runId));
    return {
      ...run,
      checkpoints: records.map((record) => ({ ...summaryOf(record), ...reader.seen(run.runId, record.step) })),
    };
  };

  return {
    async createRun({ checkpoints: _, ...run }) {
      checkName(run.runId);
      if (await db.get('runs', run.runId)) throw new Error(`There is already a run ${run.runId}`);
      await orDiskFull(`run ${run.runId}`, () => db.add('runs', run, run.runId));
    },

    async updateRun(runId, change) {
      await known(runId);
      const run = await orDiskFull(`run ${runId}`, async () => {
        const tx = db.transaction('runs', 'readwrite');
        const changed = { ...(await tx.store.get(runId))!, ...change };
        await Promise.all([tx.store.put(changed, runId), tx.done]);
        return changed;
      });
      return withCheckpoints(run);
    },

    async listRuns() {
      const runs = await db.getAll('runs');
      runs.sort((a, b) => b.startedAt.localeCompare(a.startedAt));
      return Promise.all(runs.map(withCheckpoints));
    },

    async loadRun(runId) {
      const run = await db.get('runs', runId);
      return run ? withCheckpoints(run) : null;
    },

    async deleteRun(runId) {
      const tx = db.transaction(WRITE, 'readwrite');
      await Promise.all([
        tx.objectStore('runs').delete(runId),
        ...(['metrics', 'rollouts', 'checkpoints', 'files'] as const).map((name) =>
          tx.objectStore(name).delete(ofRun(runId)),
        ),
        tx.done,
      ]);
      const runs = await findFolder(root, [RUNS]);
      if (runs) await remove(runs, runId);
    },

    async appendStep(runId, metrics, rollouts) {
      await known(runId);
      const { step, reward } = metrics;
      await orDiskFull(`step ${step}`, async () => {
        const tx = db.transaction(['runs', 'metrics', 'rollouts'], 'readwrite');
        const run = (await tx.objectStore('runs').get(runId))!;
        await Promise.all([
          tx.objectStore('runs').put({ ...run, step, lastReward: reward }, runId),
          tx.objectStore('metrics').put(metrics, [runId, step]),
          tx.objectStore('rollouts').put(rollouts, [runId, step]),
          tx.done,
        ]);
      });
    },

    async updateStep(runId, metrics) {
      await known(runId);
      await orDiskFull(`step ${metrics.step}`, () => db.put('metrics', metrics, [runId, metrics.step]));
    },

    loadMetrics: (runId) => db.getAll('metrics', ofRun(runId)),

    async loadRollouts(runId, step) {
      return [...((await db.get('rollouts', [runId, step])) ?? [])];
    },

    async rewind(runId, step) {
      await known(runId);
      const tx = db.transaction(['metrics', 'rollouts', 'checkpoints'], 'readwrite');
      const later = ofRun(runId, step);
      await Promise.all([
        ...(['metrics', 'rollouts', 'checkpoints'] as const).map((name) => tx.objectStore(name).delete(later)),
        tx.done,
      ]);
      await sweep(db, root, runId);
    },

    async saveCheckpoint(runId, checkpoint, { reward }) {
      await known(runId);
      const { step, parts } = checkpoint;
      const described = await describeParts(checkpoint);
      const folder = `${step}-${newId()}`;
      const to = await folderAt(root, [RUNS, runId, folder]);
      try {
        for (const [name, part] of parts) await writeFile(to, name, [part]);
        const bytes = described.reduce((sum, part) => sum + part.bytes, 0);
        const savedAt = new Date().toISOString();
        const record: CheckpointRecord = { runId, step, folder, parts: described, savedAt, bytes, reward };
        await orDiskFull(`the checkpoint of step ${step}`, async () => {
          const tx = db.transaction('checkpoints', 'readwrite', { durability: 'strict' });
          await Promise.all([tx.store.put(record, [runId, step]), tx.done]);
        });
        reader.forget(runId, step);
        return summaryOf(record);
      } finally {
        // After a success this removes what was replaced, after a failure what was begun.
        await sweep(db, root, runId);
      }
    },

    async loadCheckpoint(runId, step) {
      const record = await db.get('checkpoints', [runId, step]);
      if (!record) return null;
      const folder = await findFolder(root, [RUNS, runId, record.folder]);
      return reader.read({ runId, step }, record.parts, async (name) => {
        const file = folder && (await readFile(folder, name));
        return file && new Uint8Array(await file.arrayBuffer());
      });
    },

    async deleteCheckpoint(runId, step) {
      reader.forget(runId, step);
      // Only its own folder: the run may be open elsewhere, with a save under way.
      const record = await db.get('checkpoints', [runId, step]);
      await db.delete('checkpoints', [runId, step]);
      const folder = await findFolder(root, [RUNS, runId]);
      if (record && folder) await remove(folder, record.folder);
    },

    async saveFile(runId, name, bytes) {
      await known(runId);
      await orDiskFull(name, () => db.put('files', bytes, [runId, checkName(name)]));
    },

    async loadFile(runId, name) {
      const whole = await db.get('files', [runId, name]);
      const lines = await db.getAll('files', linesOf(runId, name));
      return whole || lines.length > 0 ? joined(whole ? [whole, ...lines] : lines) : null;
    },

    // A record for each line: a longer one would be written anew every time.
    async appendLine(runId, name, value) {
      await known(runId);
      const line = new TextEncoder().encode(`${JSON.stringify(value)}\n`);
      await orDiskFull(name, async () => {
        const tx = db.transaction('files', 'readwrite');
        const number = await tx.store.count(linesOf(runId, checkName(name)));
        await Promise.all([tx.store.put(line, [runId, lineName(name, number)]), tx.done]);
      });
    },

    async saveEvaluation(kept) {
      const { id } = kept.entry;
      await orDiskFull('the evaluation', () => db.put('evaluations', kept, checkName(id)));
    },

    async listEvaluations() {
      const entries = (await db.getAll('evaluations')).map(({ entry }) => entry);
      return entries.sort((a, b) => b.madeAt.localeCompare(a.madeAt));
    },

    async loadEvaluation(id) {
      return (await db.get('evaluations', id)) ?? null;
    },

    async deleteEvaluation(id) {
      await db.delete('evaluations', id);
    },
  };
}

const lineName = (name: string, number: number): string => `${name}/${String(number).padStart(9, '0')}`;
const linesOf = (runId: string, name: string): IDBKeyRange =>
  IDBKeyRange.bound([runId, `${name}/`], [runId, `${name}/:`]);

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/**
 * Removes folders of a run that no checkpoint record names. Only the tab that holds the run's lock writes to it, so
 * none is being made.
 */
async function sweep(db: RunDatabase, root: FileSystemDirectoryHandle, runId: string): Promise<void> {
  const folder = await findFolder(root, [RUNS, runId]);
  if (!folder) return;
  const records = await db.getAll('checkpoints', ofRun(runId));
  const valid = new Set(records.map((record) => record.folder));
  for (const name of await namesIn(folder)) {
    if (!valid.has(name)) await remove(folder, name);
  }
}

const summaryOf = ({ step, savedAt, bytes, reward }: CheckpointRecord): CheckpointSummary => ({
  step,
  savedAt,
  bytes,
  reward,
});
