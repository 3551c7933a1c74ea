import { expect, it } from 'vitest';
import { checkFinite, firstNotFinite } from './checkFinite';
import { BLOCKS, type TensorFormat } from './tensorFormat';

/** Bits of one, infinity and NaN. */
const HALF = { one: 0x3c00, bad: [0x7c00, 0xfc00, 0x7e01] };
const BRAIN = { one: 0x3f80, bad: [0x7f80, 0xff80, 0x7fc1] };

const PLACES: Record<TensorFormat, readonly number[]> = {
  F32: [2],
  F16: [0],
  BF16: [0],
  Q8_0: [0],
  Q4_0: [0],
  Q4_1: [0, 2],
  Q5_0: [0],
  Q5_1: [0, 2],
  Q4_K: [0, 2],
  Q5_K: [0, 2],
  Q6_K: [208],
};

it.each(Object.keys(PLACES) as TensorFormat[])(
  'finds NaN and infinity in %s, and nothing else',
  (format: TensorFormat) => {
    const { bytes } = BLOCKS[format];
    const { one, bad } = format === 'F32' || format === 'BF16' ? BRAIN : HALF;
    const places = PLACES[format];
    // Quantised values of all ones are no exponents.
    const whole = new Uint8Array(5 * bytes).fill(format.startsWith('Q') ? 0xff : 0);
    const view = new DataView(whole.buffer);
    for (let i = 0; i < 5; i++) for (const place of places) view.setUint16(i * bytes + place, one, true);
    expect(firstNotFinite(format, whole)).toBe(-1);
    for (const place of places) {
      for (const bits of bad) {
        const spoilt = whole.slice();
        new DataView(spoilt.buffer).setUint16(3 * bytes + place, bits, true);
        expect(firstNotFinite(format, spoilt)).toBe(3);
        const odd = new Uint8Array(spoilt.length + 1);
        odd.set(spoilt, 1);
        expect(firstNotFinite(format, odd.subarray(1))).toBe(3);
      }
    }
  },
);

it('names the tensor and its file', () => {
  const tensor = { name: 'model.norm.weight', shape: [2], format: 'F32' as const, bytes: 8, file: 'model.safetensors' };
  const bytes = new Uint8Array(Float32Array.of(1, Number.NaN).buffer);
  expect(() => checkFinite(tensor, bytes)).toThrow(
    'model.safetensors: model.norm.weight holds NaN or infinity (value 1 of 2)',
  );
});
