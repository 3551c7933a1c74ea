import type { RunSummary } from '../../domain/run';
import type { OpenData } from '../data/openData';
import type { OpenModel } from '../models/openModel';
import { openRun } from './openRun';
import { prepareRun, prepareSavedRun } from './prepareRun';
import type { RunContext } from './runContext';
import { Session } from './session';

/** Creates a run of the open model and data. Throws for an invalid recipe, before anything is saved. */
export async function startRun(
  context: RunContext,
  opened: OpenModel,
  data: OpenData,
  requested: unknown,
  named?: { readonly runId: string; readonly name: string },
): Promise<Session> {
  const prepared = await prepareRun(context, opened, data, requested, named);
  return new Session(await openRun(context, prepared));
}

/**
 * Continues a saved run from a checkpoint; step 0 needs none. `steps` lengthens the run. Throws LabError needsFiles
 * when `opened` is not its model.
 */
export async function continueRun(
  context: RunContext,
  opened: OpenModel,
  saved: RunSummary,
  checkpointStep: number,
  steps = saved.steps,
): Promise<Session> {
  const prepared = await prepareSavedRun(context, opened, saved, checkpointStep, steps);
  return new Session(await openRun(context, prepared));
}
