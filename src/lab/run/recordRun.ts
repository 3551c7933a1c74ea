import type { Example } from '../../domain/example';
import { withoutAddress } from '../../domain/recipe/teacherAddress';
import type { OpenedRun } from '../../protocol/requests';
import { DiskFull } from '../../storage/storageError';
import { toFailure } from '../failures';
import type { PreparedRun } from './prepareRun';
import type { RunContext } from './runContext';
import { keepRunData } from './runData';
import { keepLabelledVerdicts } from './warmStartData';
import { loadWarmSteps } from './warmStartSteps';

/**
 * Begins the record of a new run, with the data that it needs to continue. A full disk loses the data, not the run.
 */
export async function createRecord(
  { store, notify }: Pick<RunContext, 'store' | 'notify'>,
  { run, verdicts }: PreparedRun,
  { train, heldOut }: { train: readonly Example[]; heldOut: readonly Example[] },
): Promise<OpenedRun> {
  const { runId, config } = run;
  await store.createRun({ ...run, config: withoutAddress(config) });
  try {
    await keepRunData(store, runId, train, heldOut);
    await keepLabelledVerdicts(store, runId, verdicts);
  } catch (error) {
    if (!(error instanceof DiskFull)) throw error;
    notify({ type: 'failed', failure: toFailure(error, runId) });
  }
  return { run, metrics: [], warmStart: [] };
}

/** Removes the steps of a saved run after the one that it continues from, and reads the others. */
export async function continueRecord(
  { store }: Pick<RunContext, 'store'>,
  { run: { runId, steps, config } }: PreparedRun,
  { step, warmSteps }: { step: number; warmSteps: number },
): Promise<OpenedRun> {
  await store.rewind(runId, step);
  const metrics = await store.loadMetrics(runId);
  const lastReward = metrics.at(-1)?.reward ?? null;
  const change = { status: 'running', step, steps, lastReward, config: withoutAddress(config) } as const;
  const run = { ...(await store.updateRun(runId, change)), config };
  const warmStart = (await loadWarmSteps(store, runId)).filter((made) => step > 0 || made.step <= warmSteps);
  return { run, metrics, warmStart };
}
