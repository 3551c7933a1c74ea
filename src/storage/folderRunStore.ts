import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { StepMetrics } from '../domain/metrics/metrics';
import type { RolloutRecord } from '../domain/rolloutRecord';
import type { CheckpointSummary, RunSummary } from '../domain/run';
import type { SavedEvaluation } from '../evaluation/evaluations';
import { CheckpointReader, describeParts } from './checkpointParts';
import { checkName, type RunStore } from './runStore';
import { StepLog } from './stepLog';
import { orDiskFull } from './storageError';
import { parseStoredCheckpoint, parseStoredLines, parseStoredRun, type StoredCheckpoint } from './storedRun';

type StoredRun = Omit<RunSummary, 'checkpoints'>;

/**
 * Runs as folders of `root`, for the command line and tests: run.json (summary), config.json, metrics.jsonl,
 * rollouts/step-N.jsonl, checkpoints/step-N/, files/. Files and checkpoints are made under a name that starts with a
 * dot and renamed when they are on disk. A step counts from when its line in metrics.jsonl is whole; a later line of
 * the same step replaces an earlier one, which goes when the run ends.
 */
export function openFolderRunStore(root: string): RunStore {
  const reader = new CheckpointReader();
  const at = (runId: string, ...path: string[]) => join(root, checkName(runId), ...path);
  const read = async (runId: string): Promise<StoredRun | null> => {
    const file = at(runId, 'run.json');
    const text = await readText(file);
    return text === null ? null : parseStoredRun(text, file, runId);
  };
  const known = async (runId: string): Promise<StoredRun> => {
    const run = await read(runId);
    if (!run) throw new Error(`There is no run ${runId} in ${root}`);
    return run;
  };
  const writeConfig = ({ runId, config }: StoredRun): Promise<void> =>
    writeWhole(at(runId), 'config.json', `${JSON.stringify(config, null, 2)}\n`);
  const write = async (run: StoredRun): Promise<void> => {
    await writeWhole(at(run.runId), 'run.json', `${JSON.stringify(run, null, 2)}\n`);
  };
  const checkpointsOf = async (runId: string): Promise<CheckpointSummary[]> => {
    const folder = at(runId, 'checkpoints');
    await restoreReplaced(folder);
    const found = (await namesIn(folder)).filter((name) => /^step-\d+$/.test(name));
    const about = await Promise.all(found.map((name) => readAbout(join(folder, name))));
    return about
      .filter((summary) => summary !== null)
      .map(({ step, savedAt, bytes, reward }) => ({ step, savedAt, bytes, reward, ...reader.seen(runId, step) }))
      .sort((a, b) => a.step - b.step);
  };
  const complete = async (run: StoredRun): Promise<RunSummary> => ({
    ...run,
    checkpoints: await checkpointsOf(run.runId),
  });
  const metricsOf = async (runId: string): Promise<StepMetrics[]> => {
    const file = at(runId, 'metrics.jsonl');
    const lines = ((await readText(file)) ?? '').split('\n');
    lines.pop(); // what follows the last line's end: nothing, or a line that was cut short
    const byStep = new Map(parseStoredLines<StepMetrics>(lines, file).map((line) => [line.step, line]));
    return [...byStep.values()].sort((a, b) => a.step - b.step);
  };
  const logs = new Map<string, StepLog>();
  const logAt = (path: string): StepLog => {
    const log = logs.get(path) ?? new StepLog(path);
    logs.set(path, log);
    return log;
  };
  const logOf = (runId: string): StepLog => logAt(at(runId, 'metrics.jsonl'));
  const writeMetrics = async (runId: string, metrics: readonly StepMetrics[]): Promise<void> => {
    logOf(runId).forget();
    await writeWhole(at(runId), 'metrics.jsonl', metrics.map((line) => `${JSON.stringify(line)}\n`).join(''));
  };

  return {
    async createRun({ checkpoints: _, ...run }) {
      if (await read(run.runId)) throw new Error(`There is already a run ${run.runId} in ${root}`);
      await orDiskFull(`run ${run.runId}`, async () => {
        await writeConfig(run);
        await write(run);
      });
    },

    async updateRun(runId, change) {
      const run = { ...(await known(runId)), ...change };
      await orDiskFull(`run ${runId}`, async () => {
        if (change.config) await writeConfig(run);
        await write(run);
        const over = change.status !== undefined && change.status !== 'running' && change.status !== 'paused';
        if (over && (await readText(at(runId, 'metrics.jsonl'))) !== null)
          await writeMetrics(runId, await metricsOf(runId));
      });
      return complete(run);
    },

    async listRuns() {
      const runs = await Promise.all((await namesIn(root)).filter((name) => !name.startsWith('.')).map(read));
      const found = runs.filter((run) => run !== null).sort((a, b) => b.startedAt.localeCompare(a.startedAt));
      return Promise.all(found.map(complete));
    },

    async loadRun(runId) {
      const run = await read(runId);
      return run && complete(run);
    },

    async deleteRun(runId) {
      // Without run.json it is no run any more, whatever happens to the rest.
      await rm(at(runId, 'run.json'), { force: true });
      await rm(at(runId), { recursive: true, force: true });
    },

    async appendStep(runId, metrics, rollouts) {
      const run = await known(runId);
      const { step, reward } = metrics;
      await orDiskFull(`step ${step}`, async () => {
        const lines = rollouts.map((rollout) => `${JSON.stringify(rollout)}\n`).join('');
        await writeWhole(at(runId, 'rollouts'), `step-${step}.jsonl`, lines);
        await logOf(runId).append(metrics);
        await write({ ...run, step, lastReward: reward });
      });
    },

    async updateStep(runId, metrics) {
      await known(runId);
      await orDiskFull(`step ${metrics.step}`, () => logOf(runId).append(metrics));
    },

    loadMetrics: metricsOf,

    async loadRollouts(runId, step) {
      const file = at(runId, 'rollouts', `step-${step}.jsonl`);
      const lines = ((await readText(file)) ?? '').split('\n').filter((line) => line !== '');
      return parseStoredLines<RolloutRecord>(lines, file);
    },

    async rewind(runId, step) {
      await known(runId);
      const metrics = await metricsOf(runId);
      await writeMetrics(
        runId,
        metrics.filter((line) => line.step <= step),
      );
      for (const folder of ['rollouts', 'checkpoints']) {
        for (const name of await namesIn(at(runId, folder))) {
          if (Number(/^step-(\d+)/.exec(name)?.[1] ?? 0) > step) await rm(at(runId, folder, name), { recursive: true });
        }
      }
    },

    async saveCheckpoint(runId, checkpoint, { reward }) {
      await known(runId);
      const { step, parts } = checkpoint;
      const described = await describeParts(checkpoint);
      const bytes = described.reduce((sum, part) => sum + part.bytes, 0);
      const summary = { step, savedAt: new Date().toISOString(), bytes, reward };
      const made = at(runId, 'checkpoints', `.new-step-${step}`);
      await orDiskFull(`the checkpoint of step ${step}`, async () => {
        await rm(made, { recursive: true, force: true });
        try {
          for (const [name, part] of parts) await writeWhole(made, name, part);
          await writeWhole(made, ABOUT, JSON.stringify({ ...summary, parts: described } satisfies StoredCheckpoint));
          await replaceFolder(at(runId, 'checkpoints'), `step-${step}`, made);
        } finally {
          await rm(made, { recursive: true, force: true });
        }
      });
      reader.forget(runId, step);
      return summary;
    },

    async loadCheckpoint(runId, step) {
      await restoreReplaced(at(runId, 'checkpoints'));
      const folder = at(runId, 'checkpoints', `step-${step}`);
      const about = await readAbout(folder);
      if (!about) return null;
      return reader.read({ runId, step }, about.parts, async (name) => {
        const part = await orMissing(readFile(join(folder, checkName(name))));
        return part && new Uint8Array(part.buffer, part.byteOffset, part.length);
      });
    },

    async deleteCheckpoint(runId, step) {
      reader.forget(runId, step);
      await rm(at(runId, 'checkpoints', `step-${step}`), { recursive: true, force: true });
    },

    async saveFile(runId, name, bytes) {
      await known(runId);
      await orDiskFull(name, () => writeWhole(at(runId, 'files'), checkName(name), bytes));
    },

    async loadFile(runId, name) {
      const bytes = await orMissing(readFile(at(runId, 'files', checkName(name))));
      return bytes && new Uint8Array(bytes);
    },

    async appendLine(runId, name, value) {
      await known(runId);
      await orDiskFull(name, () => logAt(at(runId, 'files', checkName(name))).append(value));
    },

    async saveEvaluation(kept) {
      const name = `${checkName(kept.entry.id)}.json`;
      await orDiskFull('the evaluation', () => writeWhole(join(root, EVALUATIONS), name, `${JSON.stringify(kept)}\n`));
    },

    async listEvaluations() {
      const names = (await namesIn(join(root, EVALUATIONS))).filter((name) => /^[^.].*\.json$/.test(name));
      const kept = await Promise.all(names.map((name) => evaluationAt(root, name)));
      const entries = kept.flatMap((found) => (found ? [found.entry] : []));
      return entries.sort((a, b) => b.madeAt.localeCompare(a.madeAt));
    },

    loadEvaluation: (id) => evaluationAt(root, `${checkName(id)}.json`),

    async deleteEvaluation(id) {
      await rm(join(root, EVALUATIONS, `${checkName(id)}.json`), { force: true });
    },
  };
}

/** Starts with a dot, so that it is no run. */
const EVALUATIONS = '.evaluations';

async function evaluationAt(root: string, name: string): Promise<SavedEvaluation | null> {
  const text = await readText(join(root, EVALUATIONS, name));
  return text === null ? null : (JSON.parse(text) as SavedEvaluation);
}

const ABOUT = 'about.json';

async function readAbout(folder: string): Promise<StoredCheckpoint | null> {
  const text = await readText(join(folder, ABOUT));
  return text === null ? null : parseStoredCheckpoint(text);
}

/** Puts `made` in the place of a folder; at every moment either is there or can be restored. */
async function replaceFolder(parent: string, name: string, made: string): Promise<void> {
  const replaced = join(parent, `.old-${name}`);
  await rm(replaced, { recursive: true, force: true });
  await orMissing(rename(join(parent, name), replaced));
  await rename(made, join(parent, name));
  await rm(replaced, { recursive: true, force: true });
}

/** Ends a replacement that was cut short between its two renames. */
async function restoreReplaced(parent: string): Promise<void> {
  const names = await namesIn(parent);
  for (const old of names.filter((name) => name.startsWith('.old-'))) {
    const name = old.slice('.old-'.length);
    if (!names.includes(name)) await rename(join(parent, old), join(parent, name));
  }
}

/** Writes beside the target, waits until it is on disk, and renames it over the target. */
async function writeWhole(folder: string, name: string, data: string | Uint8Array): Promise<void> {
  await mkdir(folder, { recursive: true });
  const temporary = join(folder, `.${name}.part`);
  const file = await open(temporary, 'w');
  try {
    await file.writeFile(data);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, join(folder, name));
}

const readText = (path: string): Promise<string | null> => orMissing(readFile(path, 'utf8'));

const namesIn = async (folder: string): Promise<string[]> => (await orMissing(readdir(folder))) ?? [];

async function orMissing<T>(promise: Promise<T>): Promise<T | null> {
  try {
    return await promise;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : '';
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    throw error;
  }
}
