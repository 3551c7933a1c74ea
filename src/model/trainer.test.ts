import { expect, it } from 'vitest';
import { trainableSchema } from '../domain/recipe/trainable';
import { testGpu } from '../gpu/test/testGpu';
import { LanguageModel } from './languageModel';
import type { MicroBatch } from './microBatch';
import { randomCheckpoint } from './test/testModel';
import { loadWeights } from './weights';

/** Three sequences of which the last tokens carry loss; more loss rows than one chunk of the head holds. */
function answers(): MicroBatch {
  const [length, prompt, count] = [42, 4, 3];
  const rows = Array.from({ length: count }, (_, s) =>
    Array.from({ length: length - prompt }, (_, i) => s * length + prompt - 1 + i),
  ).flat();
  const tokens = Int32Array.from({ length: count * length }, (_, i) => (i * 29 + 7) % 67);
  const lossRow = Int32Array.from(rows);
  const M = rows.length;
  return {
    tokens,
    starts: Int32Array.from({ length: count + 1 }, (_, s) => s * length),
    lossRow,
    target: lossRow.map((row) => tokens[row + 1]!),
    weight: new Float32Array(M).fill(1 / M),
    advantage: Float32Array.from(rows, (row) => [1, -0.5, 0][Math.floor(row / length)]!),
    oldLogprob: new Float32Array(M).fill(-5),
    referenceLogprob: new Float32Array(M),
  };
}

it('takes one ratio per answer also where an answer lies in two chunks of the head', async () => {
  const gpu = await testGpu();
  const weights = await loadWeights(gpu, randomCheckpoint());
  const batch = answers();
  const report = async (headRows: number) => {
    const sizes = { sequence: 64, prefillRows: 24, slots: 3, cacheBlocks: 24, batchRows: 192, headRows };
    const trainable = trainableSchema.parse({ kind: 'lora', rank: 4, alpha: 8 });
    const model = await LanguageModel.open(gpu, weights, { trainable, sizes, seed: 1 });
    const logprobs = await model.batchLogprobs(batch, 1, true);
    const options = {
      optimizer: { beta1: 0.9, beta2: 0.999, eps: 1e-8, weightDecay: 0, maxGradNorm: 1 },
      learningRate: 0,
      temperature: 1,
    };
    const loss = { type: 'gspo', clipLow: 0.9, clipHigh: 9, klCoef: 0, entropyCoef: 0.1 } as const;
    const trained = await model.train([batch], { ...options, loss });
    const { clipped } = await model.train([batch], { ...options, loss: { ...loss, clipLow: 0, clipHigh: 0 } });
    model.release();
    return { logprobs, trained, clipped };
  };
  const chunks = await report(64);
  const whole = await report(192);
  expect(chunks.trained.loss).toBeCloseTo(whole.trained.loss, 5);
  expect(chunks.trained.gradNorm / whole.trained.gradNorm).toBeCloseTo(1, 4);

  // By hand: each answer's mean log ratio gives one ratio for all of its tokens.
  const perAnswer = batch.lossRow.length / 3;
  const policy = [1, -0.5, 0].map((advantage, b) => {
    const logprobs = whole.logprobs.subarray(b * perAnswer, (b + 1) * perAnswer);
    const ratio = Math.exp(logprobs.reduce((sum, logprob) => sum + logprob + 5, 0) / perAnswer);
    expect(ratio).toBeLessThan(9);
    return { ratio, loss: (-ratio * advantage) / 3 };
  });
  // Answers that the narrowest range clips, each counted once.
  const clipped = Number(policy[0]!.ratio > 1) + Number(policy[1]!.ratio < 1);
  expect(clipped).toBe(1);
  expect([chunks.clipped, whole.clipped]).toEqual([clipped, clipped]);
  const wanted = policy.reduce((sum, { loss }) => sum + loss, 0) - 0.1 * whole.trained.entropy;
  expect(whole.trained.loss).toBeCloseTo(wanted, 4);
  weights.release();
});
