import type { RunSummary } from '../../domain/run';
import type { OpenData } from '../data/openData';
import type { OpenModel } from '../models/openModel';
import { openRun } from './openRun';
import { prepareRun, prepareSavedRun } from './prepareRun';
import type { RunContext } from './runContext';
import { Session } from './session';

/** Creates a run of the open model and data. Throws what is wrong with the recipe, before anything is kept. */
export async function startRun(
  context: RunContext,
  opened: OpenModel,
  data: OpenData,
  wanted: unknown,
  named?: { readonly runId: string; readonly name: string },
): Promise<Session> {
  const prepared = await prepareRun(context, opened, data, wanted, named);
  return new Session(await openRun(context, prepared));
}

/**
 * Goes on with a kept run from a checkpoint; from step 0 there need not be one. `steps` lengthens the run. Throws LabError needsFiles when
 * `opened` is not its model.
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
