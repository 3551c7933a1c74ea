import { expect, it } from 'vitest';
import { trainableSchema } from '../domain/recipe/trainable';
import { testGpu } from '../gpu/test/testGpu';
import { LanguageModel } from './languageModel';
import type { MicroBatch } from './microBatch';
import { randomCheckpoint } from './test/testModel';
import type { OptimizerStep } from './trainer';
import { loadWeights } from './weights';

const trainable = trainableSchema.parse({ kind: 'lora', rank: 6, alpha: 12 });
const sizes = { sequence: 64, prefillRows: 24, slots: 3, cacheBlocks: 24, batchRows: 128, headRows: 64 };
const step: OptimizerStep = {
  loss: { clipLow: 0.2, clipHigh: 0.28, klCoef: 0 },
  optimizer: { beta1: 0.9, beta2: 0.999, eps: 1e-8, weightDecay: 0.01, maxGradNorm: 1 },
  learningRate: 1e-2,
  temperature: 1,
};

async function open() {
  const gpu = await testGpu();
  const weights = await loadWeights(gpu, randomCheckpoint());
  return LanguageModel.open(gpu, weights, { trainable, sizes, seed: 1 });
}

const batch = (change: { advantage: number; oldLogprob: number }): MicroBatch => {
  const tokens = Int32Array.of(5, 9, 2, 44, 17, 3);
  const rows = (value: number) => new Float32Array(5).fill(value);
  return {
    tokens,
    starts: Int32Array.of(0, 6),
    lossRow: Int32Array.of(0, 1, 2, 3, 4),
    target: tokens.slice(1),
    weight: rows(1 / 5),
    advantage: rows(change.advantage),
    oldLogprob: rows(change.oldLogprob),
    referenceLogprob: rows(0),
  };
};
const good = batch({ advantage: 1, oldLogprob: Number.NaN });

it('changes nothing when the loss is not finite though every gradient is', async () => {
  const model = await open();
  expect((await model.train([good], step)).finite).toBe(true);
  const before = await model.saveTrainable();
  // Far above the clip range, so that the gradient is 0, and too large for f32 once it is clipped.
  const report = await model.train([batch({ advantage: 3e38, oldLogprob: -1000 })], step);
  expect(report.loss).toBe(Number.NEGATIVE_INFINITY);
  expect(report.finite).toBe(false);
  expect(await model.saveTrainable()).toEqual(before);
  expect((await model.train([good], step)).finite).toBe(true);
});

it('puts back a whole state or, when any part of it is wrong, nothing', async () => {
  const model = await open();
  await model.train([good], step);
  const old = await model.saveTrainable();
  await model.train([good], step);
  const now = await model.saveTrainable();
  const [first, ...others] = old.adapter;
  const cut = { ...first!, data: first!.data.slice(1) };
  for (const [state, message] of [
    [{ ...old, optimizer: old.optimizer.slice(4) }, /optimizer state has \d+ bytes/],
    [{ ...old, adapter: others }, /lora_A.weight is missing/],
    [{ ...old, adapter: [...others, { ...first!, shape: [1] }] }, /lora_A.weight is 1 in the checkpoint/],
    [{ ...old, adapter: [...others, cut] }, /lora_A.weight has \d+ numbers/],
  ] as const) {
    await expect(model.loadTrainable(state)).rejects.toThrow(message);
    expect(await model.saveTrainable()).toEqual(now);
  }
  await model.loadTrainable(old);
  expect(await model.saveTrainable()).toEqual(old);
});
