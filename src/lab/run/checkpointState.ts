import { z } from 'zod';
import type { RunSummary } from '../../domain/run';
import { shortModelId } from '../../formats/checkpointId';
import { dequantize } from '../../formats/dequantize';
import { readSafetensors, writeSafetensors } from '../../formats/safetensors';
import { bytesSource } from '../../formats/source';
import type { LanguageModel, NamedTensor } from '../../model/languageModel';
import type { RunCheckpoint, RunStore } from '../../storage/runStore';
import { DamagedCheckpoint } from '../../storage/storageError';
import { LabError } from '../failures';
import type { OpenModel } from '../models/openModel';
import { isIdOf } from '../models/runModel';
import { newestWhole } from './newestWhole';

/** Everything else that a run depends on (random draws, place in the data) is a function of its config and the step. */
const stateSchema = z.object({
  version: z.literal(1),
  step: z.number().int().nonnegative(),
  modelId: z.string(),
  /** Supervised steps done before the first; those of all that the recipe has, once `step` is above 0. */
  warmSteps: z.number().int().nonnegative().default(0),
});

const WEIGHTS = 'trained.safetensors';
const OPTIMIZER = 'optimizer';
const STATE = 'state.json';

/** What a run needs to continue after `step` steps as if it had never stopped. */
export async function makeCheckpoint(
  model: LanguageModel,
  step: number,
  modelId: string,
  warmSteps = 0,
): Promise<RunCheckpoint> {
  const { adapter, optimizer } = await model.saveTrainable();
  const state = { version: 1, step, modelId, warmSteps } satisfies z.infer<typeof stateSchema>;
  const parts = new Map([
    [WEIGHTS, await packTensors(adapter)],
    [OPTIMIZER, optimizer],
    [STATE, new TextEncoder().encode(JSON.stringify(state))],
  ]);
  return { step, parts };
}

/**
 * The checkpoint of a step; null for step 0 without one. Throws LabError when there is none of a later step, and when
 * it is damaged: its advice is then the newest that is whole.
 */
export async function loadedCheckpoint(
  store: Pick<RunStore, 'loadCheckpoint'>,
  run: Pick<RunSummary, 'runId' | 'checkpoints'>,
  step: number,
): Promise<RunCheckpoint | null> {
  const checkpoint = await store.loadCheckpoint(run.runId, step).catch(async (cause) => {
    if (!(cause instanceof DamagedCheckpoint)) throw cause;
    const whole = (await newestWhole(store, run)).checkpoint;
    const advice = whole
      ? `Continue from step ${whole.step}: that checkpoint is the newest whole one.`
      : 'No checkpoint of the run is whole: delete them, and start it anew.';
    throw new LabError('unexpected', cause.message, advice, { cause });
  });
  if (checkpoint || step === 0) return checkpoint;
  throw noCheckpoint(step);
}

export const noCheckpoint = (step: number): LabError =>
  new LabError('unexpected', `There is no complete checkpoint of step ${step}.`, 'Choose another checkpoint.');

/**
 * Puts a checkpoint's arrays and optimizer back, and says how many steps of a warm start it has behind it. Throws
 * LabError when it is not one of this model or recipe.
 */
export async function restoreCheckpoint(
  model: LanguageModel,
  checkpoint: RunCheckpoint,
  opened: Pick<OpenModel, 'report' | 'formerId'>,
): Promise<{ warmSteps: number }> {
  const state = await orDamaged(checkpoint, () =>
    stateSchema.parse(JSON.parse(new TextDecoder().decode(part(checkpoint, STATE)))),
  );
  if (!isIdOf(state.modelId, opened)) {
    throw new LabError(
      'needsFiles',
      `The checkpoint belongs to another model (${shortModelId(state.modelId)}) than ${opened.report.name} (${shortModelId(opened.report.id)}).`,
      'Open the model that the run started from.',
    );
  }
  const adapter = await trainedTensors(checkpoint);
  await model.loadTrainable({ adapter, optimizer: part(checkpoint, OPTIMIZER) });
  return { warmSteps: state.warmSteps };
}

/**
 * The trained arrays of a checkpoint: adapter matrices, or all weights after full fine-tuning. Throws LabError for a
 * damaged one.
 */
export const trainedTensors = (checkpoint: RunCheckpoint): Promise<NamedTensor[]> =>
  orDamaged(checkpoint, async () => {
    const stored = await readSafetensors(bytesSource(WEIGHTS, part(checkpoint, WEIGHTS)));
    const tensors: NamedTensor[] = [];
    for (const { name, shape, format, read } of stored)
      tensors.push({ name, shape, data: dequantize(format, await read()) });
    return tensors;
  });

async function orDamaged<T>({ step }: RunCheckpoint, read: () => T | Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    if (cause instanceof LabError) throw cause;
    throw new LabError(
      'unexpected',
      `The checkpoint of step ${step} is damaged.`,
      'Delete it, and continue from an earlier one.',
      {
        cause,
      },
    );
  }
}

function part({ parts, step }: RunCheckpoint, name: string): Uint8Array {
  const bytes = parts.get(name);
  if (!bytes)
    throw new LabError('unexpected', `The checkpoint of step ${step} lacks ${name}.`, 'Choose another checkpoint.');
  return bytes;
}

async function packTensors(tensors: readonly NamedTensor[]): Promise<Uint8Array> {
  const outputs = tensors.map(({ name, shape, data }) => ({ name, shape, format: 'F32' as const, data }));
  const chunks: Uint8Array[] = [];
  const bytesOf = ({ data }: (typeof outputs)[number]) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  for await (const chunk of writeSafetensors(outputs, bytesOf)) chunks.push(chunk);
  const whole = new Uint8Array(chunks.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}
