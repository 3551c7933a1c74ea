import { basename, dirname, resolve } from 'node:path';
import type { RunSummary } from '../../domain/run';
import { shortModelId } from '../../formats/checkpointId';
import type { OpenModel } from '../../lab/models/openModel';
import { withModel } from '../../lab/models/runModel';
import { newestWhole } from '../../lab/run/newestWhole';
import { openFolderRunStore } from '../../storage/folderRunStore';
import type { RunCheckpoint, RunStore } from '../../storage/runStore';
import { UsageError } from './usage';

/** A run in a folder of its own, as `train --out` makes it. */
export interface RunFolder {
  readonly store: RunStore;
  readonly summary: RunSummary;
}

/** The store that holds the folder, and the folder's name as the run's id. */
export function storeOf(folder: string): { store: RunStore; runId: string } {
  const path = resolve(folder);
  const runId = basename(path);
  if (!/^[\w-][\w.-]{0,199}$/.test(runId))
    throw new UsageError(`${folder}: name the folder with letters, digits, dots and dashes, the first no dot`);
  return { store: openFolderRunStore(dirname(path)), runId };
}

/** Throws UsageError when there is no run. */
export async function runAt(folder: string): Promise<RunFolder> {
  const { store, runId } = storeOf(folder);
  const summary = await store.loadRun(runId);
  if (!summary) throw new UsageError(`${folder} holds no run`);
  return { store, summary };
}

/** The checkpoint of a step, or the newest whole one. Throws DamagedCheckpoint for a step whose checkpoint is. */
export async function checkpointOf({ store, summary }: RunFolder, step: number | undefined): Promise<RunCheckpoint> {
  const checkpoint =
    step === undefined ? await newestWholeAt(store, summary) : await store.loadCheckpoint(summary.runId, step);
  if (checkpoint) return checkpoint;
  const steps = summary.checkpoints.map((kept) => kept.step).join(', ') || 'none';
  throw new UsageError(
    `${summary.runId} has no checkpoint${step === undefined ? '' : ` of step ${step}`}; there are: ${steps}`,
  );
}

/** The newest checkpoint that is whole; null when none is. Says which newer ones are damaged. */
export async function newestWholeAt(store: RunStore, run: RunSummary): Promise<RunCheckpoint | null> {
  const { checkpoint, damaged } = await newestWhole(store, run);
  for (const { message } of damaged) process.stderr.write(`${message}\n`);
  if (damaged.length > 0 && checkpoint) process.stderr.write(`taking the checkpoint of step ${checkpoint.step}\n`);
  return checkpoint;
}

/** Throws UsageError when a run has nothing left to do after `done` steps. */
export function checkGoesOn({ name, status, steps: planned }: RunSummary, done: number, steps = planned): void {
  if (steps < done) throw new UsageError(`--steps is ${steps}, but ${name} has done ${done} already`);
  if (steps === done && status === 'finished')
    throw new UsageError(`${name} has finished its ${done} steps: a larger number of --steps goes on`);
}

/** The run, if `opened` is its model; one that names its model in the former way is upgraded, which is said. Throws LabError. */
export async function withModelAt(store: RunStore, run: RunSummary, opened: OpenModel): Promise<RunSummary> {
  const known = await withModel(store, run, opened);
  if (known.modelId !== run.modelId) {
    process.stderr.write(
      `note: ${run.name} named its model by tensor names and sizes; from now on it is the weights of ${opened.report.name} (${shortModelId(known.modelId)})\n`,
    );
  }
  return known;
}
