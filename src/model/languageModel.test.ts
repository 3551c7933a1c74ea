import { expect, it } from 'vitest';
import { keepsStart, recipeSchema } from '../domain/recipe/recipe';
import { samplingSchema } from '../domain/recipe/sampling';
import { type Trainable, trainableSchema } from '../domain/recipe/trainable';
import { testGpu } from '../gpu/test/testGpu';
import { LanguageModel } from './languageModel';
import type { MicroBatch } from './microBatch';
import { memoryPlan, sizesOf } from './plan';
import { randomCheckpoint } from './test/testModel';
import type { OptimizerStep } from './trainer';
import { loadWeights } from './weights';

const lora = trainableSchema.parse({ kind: 'lora', rank: 6, alpha: 12 });
const full = trainableSchema.parse({ kind: 'full' });
const sizes = { sequence: 64, prefillRows: 24, slots: 3, cacheBlocks: 24, batchRows: 128, headRows: 64 };

async function open(trainable: Trainable, seed = 1, keepStart = false) {
  const gpu = await testGpu();
  const checkpoint = randomCheckpoint();
  const weights = await loadWeights(gpu, checkpoint, trainable.kind === 'full' ? { as: 'f32' } : {});
  const start = keepStart ? { start: weights } : {};
  return { gpu, weights, model: await LanguageModel.open(gpu, weights, { trainable, sizes, seed, ...start }) };
}

const step = (change: Partial<OptimizerStep> = {}): OptimizerStep => ({
  loss: { clipLow: 0.2, clipHigh: 0.28, klCoef: 0 },
  optimizer: { beta1: 0.9, beta2: 0.999, eps: 1e-8, weightDecay: 0.01, maxGradNorm: 1 },
  learningRate: 1e-2,
  temperature: 1,
  ...change,
});

/** Two packed sequences; every token after the first carries loss. */
function supervised(): MicroBatch {
  const sequences = [
    [5, 9, 2, 44, 17, 3, 21],
    [61, 8, 8, 30, 12],
  ];
  const tokens = Int32Array.from(sequences.flat());
  const lossRow = Int32Array.from([0, 1, 2, 3, 4, 5, 7, 8, 9, 10]);
  const M = lossRow.length;
  return {
    tokens,
    starts: Int32Array.of(0, 7, 12),
    lossRow,
    target: lossRow.map((row) => tokens[row + 1]!),
    weight: new Float32Array(M).fill(1 / M),
    advantage: new Float32Array(M).fill(1),
    oldLogprob: new Float32Array(M).fill(Number.NaN),
    referenceLogprob: new Float32Array(M),
  };
}

const requests = [
  { tokens: Int32Array.from([5, 9, 2, 44, 17]), seed: 11 },
  { tokens: Int32Array.from([5, 9, 2, 44, 17]), seed: 12 },
  { tokens: Int32Array.from([61, 8]), seed: 13 },
];
const sampling = samplingSchema.parse({ maxNewTokens: 20 });
const generation = { sampling, endTokens: [0], adapter: true };

it.each([
  ['an adapter', lora],
  ['all weights', full],
] as const)('learns a text by training %s', async (_, trainable) => {
  const { model, weights } = await open(trainable);
  const batch = supervised();
  const before = (await model.batchLogprobs(batch, 1, true)).reduce((a, b) => a + b, 0);
  for (let i = 0; i < 30; i++) expect((await model.train([batch], step())).finite).toBe(true);
  const after = (await model.batchLogprobs(batch, 1, true)).reduce((a, b) => a + b, 0);
  expect(after - before).toBeGreaterThan(10); // nats over ten tokens
  model.release();
  weights.release();
});

it('makes no buffer, pipeline or bind group in a step after the first', async () => {
  const { gpu, model, weights } = await open(lora);
  const round = async () => {
    await model.generate(requests, generation);
    await model.score([requests[0]!.tokens], [3, 4], { adapter: true });
    await model.train([supervised(), supervised()], step());
  };
  await round();
  const { buffers, bytes, pipelines, bindGroups } = gpu.counters;
  await round();
  expect(gpu.counters).toMatchObject({ buffers, bytes, pipelines, bindGroups });
  model.release();
  weights.release();
});

it('samples with the logprobs that the update computes', async () => {
  const { model, weights } = await open(lora);
  for (let i = 0; i < 3; i++) await model.train([supervised()], step()); // so that the adapter matters
  const generations = await model.generate(requests, generation);
  for (const [i, { tokens, logprobs }] of generations.entries()) {
    const prompt = requests[i]!.tokens;
    const whole = Int32Array.from([...prompt, ...tokens]);
    const [again] = await model.logprobs([whole], { temperature: 1, adapter: true });
    const difference = logprobs.map((value, t) => Math.abs(value - again![prompt.length - 1 + t]!));
    expect(Math.max(...difference)).toBeLessThan(1e-4);
  }
  model.release();
  weights.release();
});

it('goes on from a saved state exactly as if it had never stopped', async () => {
  const first = await open(lora);
  await first.model.train([supervised()], step());
  const saved = await first.model.saveTrainable();
  await first.model.train([supervised()], step());
  const uninterrupted = await first.model.saveTrainable();

  const second = await open(lora, 99); // another start: everything must come from the state
  await second.model.loadTrainable(saved);
  await second.model.train([supervised()], step());
  const resumed = await second.model.saveTrainable();
  expect(resumed.optimizer).toEqual(uninterrupted.optimizer);
  resumed.adapter.forEach(({ name, data }, i) => {
    expect(data, name).toEqual(uninterrupted.adapter[i]!.data);
  });
  for (const { model, weights } of [first, second]) {
    model.release();
    weights.release();
  }
});

it('leaves the starting weights when the adapter is off', async () => {
  const { model, weights } = await open(lora);
  const tokens = Int32Array.from([5, 9, 2, 44]);
  const before = await model.logits(tokens, false);
  expect(await model.logits(tokens, true)).toEqual(before); // B starts at zero
  await model.train([supervised()], step());
  expect(await model.logits(tokens, false)).toEqual(before);
  expect(await model.logits(tokens, true)).not.toEqual(before);
  model.release();
  weights.release();
});

it('keeps the weights that full fine-tuning started from: answers, scores and logprobs of theirs stay as they were', async () => {
  const { gpu, weights, model } = await open(full, 1, true);
  const start = { ...generation, adapter: false };
  const ask = async () => ({
    answers: (await model.generate(requests, start)).map(({ tokens, logprobs }) => [[...tokens], [...logprobs]]),
    scores: await model.score([requests[0]!.tokens], [3, 4], { adapter: false }),
    logprobs: await model.batchLogprobs(supervised(), 1, false),
  });
  const before = await ask();
  const trained = (await model.batchLogprobs(supervised(), 1, true)).slice();
  expect(Math.max(...trained.map((value, i) => Math.abs(value - before.logprobs[i]!)))).toBeLessThan(1e-5);
  for (let i = 0; i < 4; i++) await model.train([supervised()], step());
  // In one phase, and in an order in which a prefix of the trained weights could be taken for one of the start.
  await model.generate(requests, generation);
  expect(await ask()).toEqual(before);
  const [policy] = await model.score([requests[0]!.tokens], [3, 4], { adapter: true });
  expect(policy).not.toEqual(before.scores[0]);
  model.release();
  weights.release();
  await gpu.done();
});

it('refuses to ask weights that full fine-tuning did not keep', async () => {
  const { weights, model } = await open(full);
  await expect(model.logprobs([requests[0]!.tokens], { temperature: 1, adapter: false })).rejects.toThrow(/not kept/);
  await expect(model.generate(requests, { ...generation, adapter: false })).rejects.toThrow(/not kept/);
  model.release();
  weights.release();
});

it('changes nothing when a loss is not a number, and says so', async () => {
  const { counters } = await testGpu();
  const { buffers, bytes, bindGroups } = counters;
  const { model, weights } = await open(lora);
  await model.train([supervised()], step());
  const before = await model.saveTrainable();
  const bad = { ...supervised(), weight: new Float32Array(10).fill(Number.POSITIVE_INFINITY) };
  expect((await model.train([bad], step())).finite).toBe(false);
  const after = await model.saveTrainable();
  expect(after).toEqual(before);
  expect((await model.train([supervised()], step())).finite).toBe(true);
  expect((await model.train([bad], step())).finite).toBe(false);
  model.release();
  weights.release();
  await (await testGpu()).done(); // the gradients that were to be cleared are gone: nothing of that may be left to do
  expect(counters).toMatchObject({ buffers, bytes, bindGroups });
});

it('does not fit where the cache cannot hold the longest sequence', async () => {
  const { facts } = await testGpu();
  const { config } = randomCheckpoint({ contextLength: 4096, keyValueHeads: 4 });
  const run = recipeSchema.parse({
    maxPromptTokens: 2000,
    sampling: { maxNewTokens: 2000 },
    optimizer: { microBatchTokens: 16 },
    trainable: lora,
  });
  const fits = (maxBindingBytes: number) =>
    memoryPlan({ model: config, run, facts: { ...facts, maxBindingBytes }, graderTokens: 0, writerTokens: 0 }, formats)
      .fits;
  const formats = { projections: 'f32', embedding: 'f32' } as const;
  const cacheBytes = 4 * 4096 * config.keyValueHeads * config.headSize;
  expect([fits(cacheBytes + 4096), fits(cacheBytes - 4 * 4096)]).toEqual([true, false]);
});

it.each([
  ['lora', lora, {}],
  ['full', full, {}],
  ['full with KL', full, { klCoef: 0.01 }],
] as const)('plans the bytes that a %s run allocates', async (_, trainable, loss) => {
  const gpu = await testGpu();
  const before = gpu.counters.bytes;
  const { config } = randomCheckpoint();
  const run = recipeSchema.parse({
    trainable,
    maxPromptTokens: 40,
    sampling: { maxNewTokens: 24 },
    grader: { mode: 'verdict' },
    loss,
  });
  const input = { model: config, run, facts: gpu.facts, graderTokens: 30, writerTokens: 0 };
  const planned = memoryPlan(input, { projections: 'f32', embedding: 'f32' });
  const weights = await loadWeights(gpu, randomCheckpoint(), trainable.kind === 'full' ? { as: 'f32' } : {});
  const start = keepsStart(run) ? await loadWeights(gpu, randomCheckpoint()) : undefined;
  const options = { trainable, sizes: sizesOf(input), seed: 1, ...(start && { start }) };
  const model = await LanguageModel.open(gpu, weights, options);
  const allocated = gpu.counters.bytes - before;
  expect(
    Math.abs(planned.bytes - allocated) / allocated,
    `planned ${planned.bytes}, allocated ${allocated}`,
  ).toBeLessThan(0.05);
  model.release();
  weights.release();
  start?.release();
  expect(gpu.counters.bytes).toBe(before);
});
