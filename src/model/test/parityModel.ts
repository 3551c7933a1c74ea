import type { Trainable } from '../../domain/recipe/trainable';
import type { LayerDescription } from '../../families/layer';
import type { Gpu } from '../../gpu/gpu';
import { LanguageModel } from '../languageModel';
import type { KernelVariants } from '../ops';
import { loadWeights } from '../weights';
import { type RecordedModel, recordedCheckpoint, supervisedBatches } from './parityFixture';

// 64 rows of logits at a time: the 75 loss rows of the fixture take two chunks of the head.
const sizes = { sequence: 128, prefillRows: 64, slots: 4, cacheBlocks: 40, batchRows: 128, headRows: 64 };
export const loss = { clipLow: 0.2, clipHigh: 0.28, klCoef: 0 };

const opened: { release(): void }[] = [];

export function releaseOpened(): void {
  for (const resource of opened.splice(0)) resource.release();
}

/** A recorded model, open until `releaseOpened`; `layers` where they are not to be those of its family. */
export async function openRecorded(
  gpu: Gpu,
  recorded: RecordedModel,
  trainable: Trainable,
  variants: KernelVariants = {},
  layers?: readonly LayerDescription[],
): Promise<LanguageModel> {
  const loaded = await loadWeights(gpu, recordedCheckpoint(recorded), trainable.kind === 'full' ? { as: 'f32' } : {});
  const described = loaded.layers.map((layer, i) => ({ ...layer, description: layers?.[i] ?? layer.description }));
  const weights = { ...loaded, layers: described };
  const model = await LanguageModel.open(gpu, weights, { trainable, sizes, seed: 1, variants });
  opened.push(model, weights);
  return model;
}

/**
 * Every gradient by its checkpoint name, (out, in). After one step with β₁ = 0 and no clipping, AdamW's first moment is
 * the gradient; a learning rate of 0 leaves the weights as they were.
 */
export async function gradients(gpu: Gpu, model: LanguageModel, recorded: RecordedModel, perBatch: number) {
  const optimizer = { beta1: 0, beta2: 0.9, eps: 1e-8, weightDecay: 0, maxGradNorm: 1e9 };
  const { temperature } = recorded;
  await model.train(supervisedBatches(recorded, perBatch), { loss, optimizer, learningRate: 0, temperature });
  const { pools, parameters } = model.network.parameters;
  const moments = await Promise.all(pools.map(({ m }) => gpu.readF32(m)));
  return (name: string, shape: readonly number[]): Float32Array => {
    const { value } = parameters.get(`${name}#0`) ?? parameters.get(name)!;
    const pool = pools.findIndex((candidate) => candidate.value.buffer === value.buffer);
    const moment = moments[pool]!.subarray(value.offset / 4, (value.offset + value.bytes) / 4);
    if (shape.length === 1) return moment.slice(0, shape[0]);
    const [out, inputs] = shape as [number, number];
    const stride = value.shape[1]!;
    return Float32Array.from(
      { length: out * inputs },
      (_, i) => moment[(i % inputs) * stride + Math.floor(i / inputs)]!,
    );
  };
}
