import type { RunSummary } from '../../domain/run';
import { shortModelId } from '../../formats/checkpointId';
import type { RunStore } from '../../storage/runStore';
import { LabError } from '../failures';
import { type OpenModel, openModel } from '../models/openModel';
import { anotherModel, isIdOf } from '../models/runModel';
import type { Platform } from '../platform';

/** Throws LabError when there is no such run. */
export async function knownRun(store: RunStore, runId: string): Promise<RunSummary> {
  const run = await store.loadRun(runId);
  if (run) return run;
  throw new LabError('unexpected', `Run ${runId} no longer exists.`, 'It may have been deleted in another tab.');
}

/**
 * A run that says it is running, though nobody runs it, was cut off. `live` is the run that this tab drives, if any.
 */
export async function runAsSeen(
  run: RunSummary,
  live: RunSummary | undefined,
  { isLocked }: Pick<Platform, 'isLocked'>,
): Promise<RunSummary> {
  if (live?.runId === run.runId) return { ...run, status: live.status };
  const alive = run.status === 'running' || run.status === 'paused';
  return alive && !(await isLocked(run.runId)) ? { ...run, status: 'interrupted' } : run;
}

/**
 * A saved copy of the run's model, or the built-in one. Throws LabError needsFiles with its name when it is neither,
 * and with both identities where a model is open that is another one.
 */
export async function openModelOf(
  run: RunSummary,
  platform: Platform,
  open: OpenModel | undefined,
): Promise<OpenModel> {
  const saved = await platform.savedModel(run.modelId);
  const { openProbeThread } = platform;
  const found = saved
    ? await openModel(saved, { builtIn: false, openProbeThread })
    : await openModel(await platform.builtInModel(), { builtIn: true });
  if (isIdOf(run.modelId, found)) return found;
  if (open) throw anotherModel(run, open);
  throw new LabError(
    'needsFiles',
    `This run started from ${run.modelName} (${shortModelId(run.modelId)}).`,
    `Open ${run.modelName} on Set up, then try again.`,
  );
}
