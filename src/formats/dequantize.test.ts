import { expect, it } from 'vitest';
import { fromHalf, toBf16, toHalf } from '../halfFloat';
import { dequantize } from './dequantize';
// Made with the Python packages gguf (quantize, dequantize), numpy (float16) and torch (bfloat16).
import fixtures from './fixtures/dequantize.json';

for (const format of ['Q8_0', 'Q4_0', 'Q4_1', 'Q5_0', 'Q5_1', 'Q4_K', 'Q5_K', 'Q6_K', 'BF16', 'F16'] as const) {
  it(`gives the values of ${format} exactly as ggml's own code does`, () => {
    const { bytes, values } = fixtures[format];
    expect([...dequantize(format, Uint8Array.from(bytes))]).toEqual(
      values.map((value) => Math.fround(toNumber(value))),
    );
  });
}

/** JSON has no infinities. */
const toNumber = (value: number | string): number =>
  value === 'inf' ? Number.POSITIVE_INFINITY : value === '-inf' ? Number.NEGATIVE_INFINITY : Number(value);

it('rounds to bf16 as torch does', () => {
  const { values, bits } = fixtures.toBf16;
  expect(values.map(toBf16)).toEqual(bits);
  expect(toBf16(Number.NaN) & 0x7fff).toBeGreaterThan(0x7f80);
});

it('rounds to half as numpy does', () => {
  const { values, bits } = fixtures.toHalf;
  expect(values.map(toHalf)).toEqual(bits);
  expect(toHalf(Number.NaN) & 0x7fff).toBeGreaterThan(0x7c00);
});

it('reads f32 at any alignment, keeps NaN, and refuses broken blocks', () => {
  const bytes = new Uint8Array(9);
  new DataView(bytes.buffer).setFloat32(1, 1.5, true);
  expect(dequantize('F32', bytes.subarray(1, 5))[0]).toBe(1.5);
  expect(fromHalf(0x7e00)).toBeNaN();
  expect(() => dequantize('Q4_0', bytes)).toThrow(/9 bytes are not whole Q4_0 blocks/);
});
