import { basename, resolve } from 'node:path';
import { checkpointName } from '../../../domain/run';
import { isAdapterFile, readPeft } from '../../../formats/peft';
import { adapterTrained, type ModelUnderTest } from '../../../lab/evaluation/modelUnderTest';
import { type OpenModel, openModel } from '../../../lab/models/openModel';
import { trainedTensors } from '../../../lab/run/checkpointState';
import { printNote } from '../print/terminal';
import { openProbeThread } from '../probeThread';
import { UsageError } from '../usage';
import { filesAt } from './files';
import { checkpointOf, runAt, withModelAt } from './runFolder';

interface TrainedOptions {
  readonly adapter?: string | undefined;
  readonly run?: string | undefined;
  readonly step?: number | undefined;
}

/** A model from a folder or a GGUF file. A PEFT adapter is merged into its weights. */
export async function modelAt(path: string, adapter?: string): Promise<OpenModel> {
  const files = await filesAt(path);
  if (adapter === undefined) return openModel(files, { builtIn: false, openProbeThread });
  const added = (await filesAt(adapter)).filter(isAdapterFile);
  if (added.length === 0) throw new UsageError(`${adapter} has no adapter: adapter_config.json is missing`);
  const opened = await openModel([...files.filter((file) => !isAdapterFile(file)), ...added], {
    builtIn: false,
    openProbeThread,
  });
  const { adapter: merged } = opened.report;
  if (merged?.sameName === false)
    printNote(`note: the adapter was made for ${merged.madeFor}, but its shapes fit ${path}`);
  return opened;
}

/** The model with the weights of --run; the adapter is merged. */
export const mergedModelAt = async (path: string, { adapter, run, step }: TrainedOptions): Promise<ModelUnderTest> => {
  const opened = await modelAt(path, adapter);
  return run === undefined ? untrained(opened) : trainedInRun(opened, run, step);
};

/** The model with --adapter, or with the weights of --run, so that both can be switched off for a comparison. */
export async function modelUnderTestAt(path: string, options: TrainedOptions): Promise<ModelUnderTest> {
  const { adapter, run, step } = options;
  if (step !== undefined && run === undefined) throw new UsageError('--step needs --run');
  // A run that started from an adapter was trained on weights with that adapter merged.
  if (run !== undefined) return mergedModelAt(path, options);
  const plain = untrained(await modelAt(path));
  if (adapter === undefined) return plain;
  const { opened, name } = plain;
  const trained = adapterTrained(await readPeft(await filesAt(adapter), opened.report.config));
  return { opened, name: `${name} + ${basename(resolve(adapter))}`, trained };
}

const untrained = (opened: OpenModel): ModelUnderTest => ({ opened, name: opened.report.name, trained: null });

async function trainedInRun(opened: OpenModel, folder: string, step: number | undefined): Promise<ModelUnderTest> {
  const run = await runAt(folder);
  await withModelAt(run.store, run.summary, opened);
  const checkpoint = await checkpointOf(run, step);
  const tensors = await trainedTensors(checkpoint);
  const name = checkpointName(run.summary, checkpoint.step);
  const { config: recipe } = run.summary;
  return { opened, name, trained: { trainable: recipe.trainable, tensors }, recipe };
}
