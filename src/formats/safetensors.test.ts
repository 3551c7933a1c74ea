import { expect, it } from 'vitest';
import { readSafetensors, safetensorsSize, writeSafetensors } from './safetensors';
import { bytesSource } from './source';
import { allBytes } from './test/testModel';

/** A file with this header and so many bytes of data. */
function file(header: unknown, dataBytes: number) {
  const json = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header));
  const bytes = new Uint8Array(8 + json.length + dataBytes);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true);
  bytes.set(json, 8);
  return bytesSource('x.safetensors', bytes);
}
const f32 = (shape: number[], start: number, end: number) => ({ dtype: 'F32', shape, data_offsets: [start, end] });

it('reads what it writes', async () => {
  const tensors = [
    { name: 'a', shape: [2, 3], format: 'F32' as const, values: Uint8Array.from({ length: 24 }, (_, i) => i) },
    { name: 'b', shape: [5], format: 'BF16' as const, values: Uint8Array.from({ length: 10 }, (_, i) => 100 + i) },
  ];
  const bytes = await allBytes(
    writeSafetensors(tensors, ({ values }) => values),
    safetensorsSize(tensors),
  );
  const read = await readSafetensors(bytesSource('y', bytes));
  expect(read.map(({ name, shape, format }) => ({ name, shape, format }))).toEqual(
    tensors.map(({ name, shape, format }) => ({ name, shape, format })),
  );
  for (const [i, { values }] of tensors.entries()) expect(await read[i]!.read()).toEqual(values);
});

it('refuses to write a tensor whose bytes are not its shape', async () => {
  const tensor = { name: 'a', shape: [2], format: 'F32' as const };
  await expect(
    allBytes(
      writeSafetensors([tensor], () => new Uint8Array(4)),
      100,
    ),
  ).rejects.toThrow(/a gave 4 bytes/);
});

const bad: [string, ReturnType<typeof file>, RegExp][] = [
  ['a file of 3 bytes', bytesSource('x', new Uint8Array(3)), /shorter than its own header/],
  ['a header longer than the file', bytesSource('x', new Uint8Array(16).fill(255)), /header says it is \d+ bytes/],
  ['a header that is not JSON', file('{"a":', 0), /not JSON/],
  ['a header that is an array', file([], 0), /no object/],
  ['an entry without offsets', file({ a: { dtype: 'F32', shape: [1] } }, 4), /entry a is not a tensor/],
  ['negative sizes', file({ a: f32([-1], 0, 4) }, 4), /entry a is not a tensor/],
  ['sizes that overflow', file({ a: f32([2 ** 40, 2 ** 40], 0, 4) }, 4), /cannot have 4 bytes/],
  ['a shape that is not its bytes', file({ a: f32([3], 0, 8) }, 8), /\(3\) F32 cannot have 8 bytes/],
  ['data past the end', file({ a: f32([2], 0, 8) }, 4), /past the end/],
  ['overlap', file({ a: f32([2], 0, 8), b: f32([2], 4, 12) }, 12), /b starts at 4, where 8 is due/],
  ['a gap', file({ a: f32([1], 0, 4), b: f32([1], 8, 12) }, 12), /b starts at 8, where 4 is due/],
  [
    'a name given twice',
    file(
      '{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}',
      8,
    ),
    /a starts at 4/,
  ],
  ['data after the last tensor', file({ a: f32([1], 0, 4) }, 8), /take 4 bytes, it has 8/],
  ['another type', file({ a: { dtype: 'F8_E4M3', shape: [4], data_offsets: [0, 4] } }, 4), /a is stored as F8_E4M3/],
];
for (const [what, source, message] of bad) {
  it(`refuses ${what}`, async () => {
    await expect(readSafetensors(source)).rejects.toThrow(message);
  });
}
