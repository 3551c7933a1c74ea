import { afterAll, describe, expect, it } from 'vitest';
import { ARCHITECTURES, type Architecture } from '../domain/model';
import { samplingSchema } from '../domain/recipe/sampling';
import { layersOf } from '../families/families';
import type { LayerDescription } from '../families/layer';
import { testGpu } from '../gpu/test/testGpu';
import { relativeError } from '../reference/recorded';
import { pack, transformerForward } from '../reference/transformer/transformer';
import { transformerLoss } from '../reference/transformer/transformerLoss';
import { get, type ParameterMap } from '../reference/transformer/transformerParameters';

import { recordedModel, supervisedBatches } from './test/parityFixture';
import { gradients, loss, openRecorded, releaseOpened } from './test/parityModel';
import { referenceModel, transposed } from './test/referenceModel';

// Layers that no family has yet: the network, its backward pass and the decoder follow the description, not the family.
const described = {
  'another RoPE in every other layer': (layer, i) => (i % 2 === 0 ? { ...layer, rope: { theta: 7 } } : layer),
  'no RoPE in every other layer': (layer, i) => (i % 2 === 0 ? { ...layer, rope: null } : layer),
} satisfies Record<string, (layer: LayerDescription, index: number) => LayerDescription>;

afterAll(releaseOpened);

const cases = (Object.keys(ARCHITECTURES) as Architecture[]).flatMap((architecture) =>
  Object.entries(described).map(([what, change]) => ({ architecture, what, change })),
);

describe.each(cases)('$architecture with $what, against the reference', ({ architecture, change }) => {
  const recorded = recordedModel(architecture);
  const layers = layersOf(recorded.config).map(change);
  const reference = { ...referenceModel(recorded), layers };
  const V = recorded.config.vocabulary;

  const open = async () => {
    const gpu = await testGpu();
    return { gpu, model: await openRecorded(gpu, recorded, { kind: 'full' }, {}, layers) };
  };

  it('logits, and logprobs of what is sampled', async () => {
    const { model } = await open();
    const prompt = recorded.sequences[recorded.logits.sequence]!;
    const { logits } = transformerForward(reference, pack([prompt]));
    const plain = transformerForward(referenceModel(recorded), pack([prompt])).logits;
    expect(relativeError(logits, plain)).toBeGreaterThan(1e-3); // the change is one that shows
    expect(relativeError(await model.logits(Int32Array.from(prompt), true), logits)).toBeLessThan(1e-5);

    const sampling = samplingSchema.parse({ maxNewTokens: 12 });
    const options = { sampling, endTokens: [], adapter: true };
    const [generation] = await model.generate([{ tokens: Int32Array.from(prompt), seed: 3 }], options);
    const tokens = [...prompt, ...generation!.tokens];
    const all = transformerForward(reference, pack([tokens])).logits;
    generation!.tokens.forEach((token, i) => {
      const row = all.subarray((prompt.length + i - 1) * V, (prompt.length + i) * V);
      const logSum = Math.log(row.reduce((sum, value) => sum + Math.exp(value), 0));
      expect(Math.abs(generation!.logprobs[i]! - (row[token]! - logSum)), `token ${i}`).toBeLessThan(1e-4);
    });
  });

  it('every gradient', async () => {
    const { gpu, model } = await open();
    const gradient = await gradients(gpu, model, recorded, 4);
    const [batch] = supervisedBatches(recorded, recorded.sequences.length);
    const grads: ParameterMap = new Map(
      [...reference.parameters].map(([key, { length }]) => [key, new Float64Array(length)]),
    );
    const options = { ...loss, temperature: recorded.temperature };
    transformerLoss(reference, pack(recorded.sequences), { ...batch!, row: [...batch!.lossRow] }, options, grads);
    for (const { name, shape } of recorded.tensors) {
      const want = transposed(get(grads, name), [...shape].reverse());
      // Without RoPE a bias of the keys changes all scores of a query alike: its gradient is 0 but for rounding.
      if (Math.hypot(...want) < 1e-12) expect(Math.hypot(...gradient(name, shape)), name).toBeLessThan(1e-6);
      else expect(relativeError(gradient(name, shape), want), name).toBeLessThan(1e-4);
    }
  });
});
