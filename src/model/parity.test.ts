import { afterAll, describe, expect, it } from 'vitest';
import { PROJECTIONS } from '../domain/model';
import type { Trainable } from '../domain/recipe/trainable';
import { testGpu } from '../gpu/test/testGpu';
import { relativeError, unpack } from '../reference/recorded';
import { adapterName } from './network';
import { crossEntropy, formulaTensor, RECORDED_MODELS, recordedModel, supervisedBatches } from './test/parityFixture';
import { gradients, loss, openRecorded, releaseOpened } from './test/parityModel';

afterAll(releaseOpened);

describe.each(RECORDED_MODELS)('%s against transformers and PyTorch', (name) => {
  const recorded = recordedModel(name);
  const V = recorded.config.vocabulary;
  const { rank, alpha } = recorded.lora;
  const lora: Trainable = { kind: 'lora', rank, alpha, targets: [...PROJECTIONS] };

  it('logits', async () => {
    const model = await openRecorded(await testGpu(), recorded, { kind: 'full' });
    const got = await model.logits(Int32Array.from(recorded.sequences[recorded.logits.sequence]!), true);
    const want = unpack(recorded.logits.data);
    expect(got.length).toBe(want.length);
    const worst = got.reduce((most, value, i) => Math.max(most, Math.abs(value - want[i]!)), 0);
    expect(worst).toBeLessThan(2e-4);
    for (let row = 0; row < want.length / V; row++) {
      expect(argmax(got.subarray(row * V, (row + 1) * V))).toBe(argmax(want.subarray(row * V, (row + 1) * V)));
    }
  });

  it.each([4, 2])('every gradient, %i sequences to a micro-batch', async (perBatch) => {
    const gpu = await testGpu();
    const model = await openRecorded(await testGpu(), recorded, { kind: 'full' });
    const { temperature } = recorded;
    const found = await crossEntropy(model, supervisedBatches(recorded, perBatch), temperature);
    expect(Math.abs(found - recorded.loss)).toBeLessThan(1e-5);
    const gradient = await gradients(gpu, model, recorded, perBatch);
    for (const { name: tensor, shape, data } of recorded.gradients) {
      expect(relativeError(gradient(tensor, shape), unpack(data)), tensor).toBeLessThan(1e-4);
    }
    expect(recorded.gradients.length).toBe(recorded.tensors.length);
  });

  it('every gradient of an adapter, as PEFT has it', async () => {
    const gpu = await testGpu();
    const model = await openRecorded(await testGpu(), recorded, lora);
    await model.loadTrainable({ adapter: recorded.lora.tensors.map(formulaTensor) });
    const found = await crossEntropy(model, supervisedBatches(recorded, 4), recorded.temperature);
    expect(Math.abs(found - recorded.lora.loss)).toBeLessThan(1e-5);
    const gradient = await gradients(gpu, model, recorded, 4);
    for (const { name: tensor, shape, data } of recorded.lora.gradients) {
      expect(relativeError(gradient(tensor, shape), unpack(data)), tensor).toBeLessThan(1e-4);
    }
    const names = recorded.lora.gradients.map((tensor) => tensor.name);
    expect(names).toContain(adapterName(1, 'down_proj', 'B'));
    expect(names.length).toBe(2 * 7 * recorded.config.layers);
  });

  it('five AdamW steps', async () => {
    const model = await openRecorded(await testGpu(), recorded, { kind: 'full' });
    const { options, losses, gradNorms, final, sampleEvery } = recorded.adamw;
    const { learningRate, ...optimizer } = options;
    const batches = supervisedBatches(recorded, 2);
    const { temperature } = recorded;
    for (const [step, expected] of losses.entries()) {
      expect(Math.abs((await crossEntropy(model, batches, temperature)) - expected), `step ${step}`).toBeLessThan(1e-5);
      const { gradNorm } = await model.train(batches, { loss, optimizer, learningRate, temperature });
      expect(Math.abs(gradNorm / gradNorms[step]! - 1), `step ${step}`).toBeLessThan(1e-5);
    }
    const { adapter } = await model.saveTrainable();
    for (const { name: tensor, sample } of final) {
      const { data } = adapter.find((candidate) => candidate.name === tensor)!;
      const got = data.filter((_, i) => i % sampleEvery === 0);
      expect(relativeError(got, unpack(sample)), tensor).toBeLessThan(1e-5);
    }
  });
});

const argmax = (values: Float32Array) => values.reduce((best, value, i) => (value > values[best]! ? i : best), 0);
