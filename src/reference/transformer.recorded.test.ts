import { describe, expect, it } from 'vitest';
import { ARCHITECTURES, type Architecture } from '../domain/model';
import { formulaTensor, recordedModel, supervisedBatches } from '../model/test/parityFixture';
import { relativeError, unpack } from './recorded';
import { pack, transformerForward } from './transformer';
import { transformerLoss } from './transformerLoss';
import { get, type ParameterMap, type ReferenceModel } from './transformerParameters';

const supervised = { clipLow: 0.2, clipHigh: 0.28, klCoef: 0 };

/** (out, in) to (in, out) or back; vectors as they are. */
function transposed(values: ArrayLike<number>, shape: readonly number[]): Float64Array {
  if (shape.length === 1) return Float64Array.from(values);
  const [rows, columns] = shape as [number, number];
  return Float64Array.from({ length: rows * columns }, (_, i) => values[(i % rows) * columns + Math.floor(i / rows)]!);
}

// What finite differences cannot show: that this is the model that transformers, PyTorch and PEFT mean.
describe.each(Object.keys(ARCHITECTURES) as Architecture[])('%s as recorded from transformers and PyTorch', (name) => {
  const recorded = recordedModel(name);
  const { rank, alpha } = recorded.lora;
  const parametersOf = (tensors: typeof recorded.tensors): [string, Float64Array][] =>
    tensors.map((tensor) => [tensor.name, transposed(formulaTensor(tensor).data, tensor.shape)]);
  const full: ReferenceModel = { config: recorded.config, parameters: new Map(parametersOf(recorded.tensors)) };
  const adapted: ReferenceModel = {
    config: recorded.config,
    parameters: new Map([...full.parameters, ...parametersOf(recorded.lora.tensors)]),
    lora: { rank, alpha },
  };

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
