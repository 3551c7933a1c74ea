import { describe, expect, it } from 'vitest';
import { RECORDED_MODELS, recordedModel, supervisedBatches } from '../../model/test/parityFixture';
import { referenceModel, transposed } from '../../model/test/referenceModel';
import { relativeError, unpack } from '../recorded';
import { pack, transformerForward } from './transformer';
import { transformerLoss } from './transformerLoss';
import { get, type ParameterMap } from './transformerParameters';

const supervised = { clipLow: 0.2, clipHigh: 0.28, klCoef: 0 };

// What finite differences cannot show: that this is the model that transformers, PyTorch and PEFT mean.
describe.each(RECORDED_MODELS)('%s as recorded from transformers and PyTorch', (name) => {
  const recorded = recordedModel(name);
  const full = referenceModel(recorded);
  const adapted = referenceModel(recorded, { adapter: true });

  it('logits', () => {
    const { logits } = transformerForward(full, pack([recorded.sequences[recorded.logits.sequence]!]));
    expect(relativeError(logits, unpack(recorded.logits.data))).toBeLessThan(1e-5);
  });

  it.each([
    ['every gradient', full, recorded.gradients],
    ['every gradient of an adapter', adapted, recorded.lora.gradients],
  ] as const)('%s', (_, model, expected) => {
    const { lossRow, ...batch } = supervisedBatches(recorded, recorded.sequences.length)[0]!;
    const grads: ParameterMap = new Map(
      [...model.parameters].map(([key, { length }]) => [key, new Float64Array(length)]),
    );
    const options = { ...supervised, temperature: recorded.temperature };
    transformerLoss(model, pack(recorded.sequences), { ...batch, row: [...lossRow] }, options, grads);
    for (const { name: tensor, shape, data } of expected) {
      const got = transposed(get(grads, tensor), [...shape].reverse());
      expect(relativeError(got, unpack(data)), tensor).toBeLessThan(1e-5);
    }
  });
});
