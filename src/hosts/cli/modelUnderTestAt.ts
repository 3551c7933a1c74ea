import { basename, resolve } from 'node:path';
import { readPeft } from '../../formats/peft';
import { adapterTrained, type ModelUnderTest } from '../../lab/evaluation/modelUnderTest';
import type { OpenModel } from '../../lab/models/openModel';
import { trainedTensors } from '../../lab/run/checkpointState';
import { filesAt, modelAt } from './input';
import { checkpointOf, runAt, withModelAt } from './runFolder';
import { UsageError } from './usage';

/** The model at a path as it is in its files. */
export async function plainModel(path: string): Promise<ModelUnderTest> {
  const opened = await modelAt(path);
  return { opened, name: opened.report.name, trained: null };
}

/** The model with what --adapter, or --run and --step name; as it is when neither is given. */
export async function modelUnderTestAt(
  model: string,
  { adapter, run, step }: { adapter?: string | undefined; run?: string | undefined; step?: number | undefined },
): Promise<ModelUnderTest> {
  if (step !== undefined && run === undefined) throw new UsageError('--step needs --run');
  // A run that began with an adapter has it in the weights that it started from.
  if (run !== undefined) return trainedInRun(await modelAt(model, adapter), run, step);
  const plain = await plainModel(model);
  const { opened, name } = plain;
  if (adapter !== undefined) {
    const trained = adapterTrained(await readPeft(await filesAt(adapter), opened.report.config));
    return { opened, name: `${name} + ${basename(resolve(adapter))}`, trained };
  }
  return plain;
}

async function trainedInRun(opened: OpenModel, folder: string, step: number | undefined): Promise<ModelUnderTest> {
  const run = await runAt(folder);
  await withModelAt(run.store, run.summary, opened);
  const checkpoint = await checkpointOf(run, step);
  const tensors = await trainedTensors(checkpoint);
  const name = `${opened.report.name} + ${run.summary.name} step ${checkpoint.step}`;
  const { config: recipe } = run.summary;
  return { opened, name, trained: { trainable: recipe.trainable, tensors }, recipe };
}
