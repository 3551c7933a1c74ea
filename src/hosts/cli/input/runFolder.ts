import { basename, dirname, resolve } from 'node:path';
import type { RunSummary } from '../../../domain/run';
import { shortModelId } from '../../../formats/checkpointId';
import type { OpenModel } from '../../../lab/models/openModel';
import { withModel } from '../../../lab/models/runModel';
import { newestWhole } from '../../../lab/run/newestWhole';
import { openFolderRunStore } from '../../../storage/folderRunStore';
import type { RunCheckpoint, RunStore } from '../../../storage/runStore';
import { printNote } from '../print/terminal';
import { UsageError } from '../usage';

/** A run in its own folder, as `train --out` creates it. */
export interface RunFolder {
  readonly store: RunStore;
  readonly summary: RunSummary;
}

/** The store around the folder; the folder's name is the id of the run. */
export function storeOf(folder: string): { store: RunStore; runId: string } {
  const path = resolve(folder);
  const runId = basename(path);
  if (!/^[\w-][\w.-]{0,199}$/.test(runId))
    throw new UsageError(
      `${folder}: a folder name may have letters, digits, underscores, dots and dashes, and may not begin with a dot`,
    );
  return { store: openFolderRunStore(dirname(path)), runId };
}

/** Throws UsageError when the folder has no run. */
export async function runAt(folder: string): Promise<RunFolder> {
  const { store, runId } = storeOf(folder);
  const summary = await store.loadRun(runId);
  if (!summary) throw new UsageError(`${folder} has no run`);
  return { store, summary };
}

/**
 * The checkpoint of a step, by default the newest complete one. Throws DamagedCheckpoint for a step with a damaged one.
 */
export async function checkpointOf({ store, summary }: RunFolder, step: number | undefined): Promise<RunCheckpoint> {
  const checkpoint =
    step === undefined ? await newestWholeAt(store, summary) : await store.loadCheckpoint(summary.runId, step);
  if (checkpoint) return checkpoint;
  const steps = summary.checkpoints.map((saved) => saved.step).join(', ') || 'none';
  const ofStep = step === undefined ? '' : ` of step ${step}`;
  throw new UsageError(`${summary.runId} has no checkpoint${ofStep}; saved steps: ${steps}`);
}

/** The newest complete checkpoint; null without one. Lists damaged newer ones on stderr. */
export async function newestWholeAt(store: RunStore, run: RunSummary): Promise<RunCheckpoint | null> {
  const { checkpoint, damaged } = await newestWhole(store, run);
  for (const { message } of damaged) printNote(message);
  if (damaged.length > 0 && checkpoint) printNote(`using the checkpoint of step ${checkpoint.step}`);
  return checkpoint;
}

/** The step that --resume continues after: that of --step, or of the newest complete checkpoint; 0 without one. */
export async function stepToContinue(run: RunFolder, step: number | undefined): Promise<number> {
  if (step === undefined) return (await newestWholeAt(run.store, run.summary))?.step ?? 0;
  return step === 0 ? 0 : (await checkpointOf(run, step)).step;
}

/** Throws UsageError when a run has nothing left to do after `done` steps. */
export function checkCanContinue({ name, status, steps: planned }: RunSummary, done: number, steps = planned): void {
  if (steps < done) throw new UsageError(`--steps is ${steps}, but ${name} has already done ${done}`);
  if (steps === done && status === 'finished')
    throw new UsageError(`${name} has finished its ${done} steps: give a larger --steps to continue`);
}

/**
 * The run, if `opened` is its model. A run with a former model id gets the current one, and a note says so. Throws
 * LabError.
 */
export async function withModelAt(store: RunStore, run: RunSummary, opened: OpenModel): Promise<RunSummary> {
  const known = await withModel(store, run, opened);
  if (known.modelId !== run.modelId) {
    printNote(
      `note: ${run.name} identified its model by tensor names and sizes; it now uses the weights of ${opened.report.name} (${shortModelId(known.modelId)})`,
    );
  }
  return known;
}
