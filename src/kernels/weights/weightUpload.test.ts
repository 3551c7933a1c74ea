import { expect, it } from 'vitest';
import fixtures from '../../formats/fixtures/dequantize.json';
import { testGpu } from '../../gpu/test/testGpu';
import { fromHalf, toBf16 } from '../../halfFloat';
import { type StoredFormat, storedValue } from '../../reference/gemmWeight';
import { storedBytes } from '../test/weightFixture';
import type { Weight } from './weight';
import { timesMinusEight } from './weightHalf';
import { shardLayout, weightBytes } from './weightLayout';
import { readWeight, uploadWeight } from './weightUpload';

const cases: readonly [StoredFormat, number, number][] = [
  ['F32', 13, 5],
  ['F16', 6, 9],
  ['BF16', 21, 7],
  ['Q8_0', 10, 64],
  ['Q4_0', 9, 96],
  ['Q4_1', 18, 64],
];

it.each(cases)('%s (%i, %i) comes back as the checkpoint has it, in one shard and in several', async (format, N, K) => {
  const gpu = await testGpu();
  // At an odd offset of a larger file, as safetensors may have it.
  const file = new Uint8Array(storedBytes(format, N, K, 2).length + 3);
  const bytes = file.subarray(3);
  bytes.set(storedBytes(format, N, K, 2));
  const want = Float32Array.from({ length: N * K }, (_, i) => storedValue(format, bytes, i) + 0); // −0 is 0
  const source = { format, shape: [N, K] as const, bytes };
  const read = async (weight: Weight) => (await readWeight(gpu, weight)).map((value) => value + 0);
  expect(await read(uploadWeight(gpu, 'W', source))).toEqual(want);
  const cut = uploadWeight(gpu, 'W', source, { maxBytes: 4 * K * 4 });
  expect(cut.shards.length).toBeGreaterThan(format === 'F32' ? 1 : 0);
  expect(await read(cut)).toEqual(want);
  expect(await read(uploadWeight(gpu, 'W', source, { as: 'f32', maxBytes: 4 * K * 8 }))).toEqual(want);
});

// Types that become another format: the values are those of the Python package gguf.
it.each([
  ['Q5_0', 32, 0],
  ['Q5_1', 32, 0],
  ['Q4_K', 256, 2 ** -11],
  ['Q5_K', 256, 2 ** -11],
  ['Q6_K', 256, 2 ** -11],
] as const)('%s comes back as %i values a row, rounded by %d of their largest at most', async (format, K, rounding) => {
  const gpu = await testGpu();
  const { bytes, values } = fixtures[format];
  const source = { format, shape: [2, K] as const, bytes: Uint8Array.from(bytes) };
  const want = values.map(Math.fround);
  const got = await readWeight(gpu, uploadWeight(gpu, 'W', source));
  const largest = Math.max(...want.map(Math.abs));
  got.forEach((value, i) => {
    expect(Math.abs(value - want[i]!), `${i}`).toBeLessThanOrEqual(rounding * largest);
  });
  const asF32 = await readWeight(gpu, uploadWeight(gpu, 'W', source, { as: 'f32' }));
  expect([...asF32].map((value) => value + 0)).toEqual(want.map((value) => value + 0)); // −0 is 0
});

it('rounds to bf16 when asked', async () => {
  const gpu = await testGpu();
  const bytes = new Uint8Array(Float32Array.of(1 + 2 ** -8, 1 + 3 * 2 ** -8, -Math.PI, 1e-3).buffer);
  const weight = uploadWeight(gpu, 'W', { format: 'F32', shape: [2, 2], bytes }, { as: 'bf16' });
  expect([...(await readWeight(gpu, weight))]).toEqual([1, 1 + 2 ** -6, -3.140625, 0.00099945068359375]);
  expect(toBf16(Number.NaN)).toBe(0x7fc0);
});

it('multiplies halves by −8 exactly, subnormal ones too', () => {
  for (let bits = 0; bits < 0x7000; bits += bits < 0x500 ? 1 : 97) {
    expect(fromHalf(timesMinusEight(bits))).toBe(-8 * fromHalf(bits));
    expect(fromHalf(timesMinusEight(bits | 0x8000))).toBe(8 * fromHalf(bits));
  }
  expect(() => timesMinusEight(0x7000)).toThrow('too large');
});

it('cuts into nearly equal shards on multiples of four', () => {
  expect(shardLayout('bf16', 7, 30, 4 * 4 * 12).map(({ start, count }) => [start, count])).toEqual([
    [0, 12],
    [12, 12],
    [24, 6],
  ]);
  expect(shardLayout('q4', 1024, 151936)).toHaveLength(1);
  expect(shardLayout('f32', 1024, 151936)).toHaveLength(5);
  expect(weightBytes('q4', 64, 5)).toBe(4 * (8 + 2) * 8);
  expect(() => shardLayout('q8', 40, 8)).toThrow('multiple of 32');
});

it('refuses bytes that do not fit the shape, and conversions that would lose bits unasked', async () => {
  const gpu = await testGpu();
  const source = { format: 'BF16' as const, shape: [2, 3] as const, bytes: new Uint8Array(10) };
  expect(() => uploadWeight(gpu, 'W', source)).toThrow('W: BF16 (2, 3) takes 12 bytes, got 10');
  expect(() => uploadWeight(gpu, 'W', source, { as: 'q4' })).toThrow('not to q4');
});
