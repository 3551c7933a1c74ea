import { expect, it } from 'vitest';
import { openGguf, unpermuteRows } from './gguf';
import { readGgufHeader } from './ggufHeader';
import { bytesSource } from './source';
import { type GgufTensor, ggufBytes, type Metadata, tinyGgufMetadata, tinyGgufTensors } from './test/testGguf';
import { tinyConfig } from './test/testModel';

const good = ggufBytes(tinyGgufMetadata(tinyConfig()), tinyGgufTensors(tinyConfig()));
const source = (bytes: Uint8Array) => bytesSource('x.gguf', bytes);

/** The file with a 64-bit number written over a place. */
function withU64(at: number, value: bigint) {
  const bytes = good.slice();
  new DataView(bytes.buffer).setBigUint64(at, value, true);
  return source(bytes);
}

it('reads metadata and tensors', async () => {
  const { metadata, tensors } = await readGgufHeader(source(good));
  expect(metadata.get('general.architecture')).toBe('llama');
  expect(metadata.get('tokenizer.ggml.add_bos_token')).toBe(false);
  expect(tensors).toHaveLength(20);
  expect(tensors[0]).toMatchObject({ name: 'token_embd.weight', sizes: [64, 288], type: 0 });
});

it('survives every cut: a file that ends early is refused, never read past its end', async () => {
  for (let length = 0; length < 3000; length += 37) {
    await expect(readGgufHeader(source(good.slice(0, length)))).rejects.toMatchObject({ name: 'FormatError' });
  }
});

it('refuses counts and lengths that the file cannot hold', async () => {
  await expect(readGgufHeader(withU64(8, 2n ** 60n))).rejects.toThrow(/header counts/); // tensors
  await expect(readGgufHeader(withU64(16, 2n ** 60n))).rejects.toThrow(/header counts/); // metadata entries
  await expect(readGgufHeader(withU64(24, 2n ** 40n))).rejects.toThrow(/header counts/); // length of the first key
  await expect(readGgufHeader(source(new Uint8Array(100)))).rejects.toThrow(/not a GGUF file/);
  const version1 = good.slice();
  version1[4] = 1;
  await expect(readGgufHeader(source(version1))).rejects.toThrow(/version 1;/);
});

const q3k: GgufTensor = { name: 'token_embd.weight', sizes: [256, 2], type: 11, bytes: new Uint8Array(220) };
const changed = (metadata: Metadata, tensors = tinyGgufTensors(tinyConfig())) =>
  openGguf(source(ggufBytes({ ...tinyGgufMetadata(tinyConfig()), ...metadata }, tensors)));

it('refuses by name what it cannot compute', async () => {
  await expect(changed({ 'general.architecture': { text: 'gemma3n' } })).rejects.toThrow(/architecture gemma3n/);
  await expect(changed({ 'llama.rope.scaling.type': { text: 'longrope' } })).rejects.toThrow(
    /RoPE scaling of type longrope/,
  );
  await expect(changed({ 'llama.expert_count': { u32: 8 } })).rejects.toThrow(/mixture of experts/);
  await expect(changed({ 'llama.rope.dimension_count': { u32: 8 } })).rejects.toThrow(/RoPE over a part/);
  await expect(changed({ 'tokenizer.ggml.model': { text: 't5' } })).rejects.toThrow(/tokenizer of type t5/);
  await expect(changed({ 'tokenizer.ggml.pre': { text: 'tekken' } })).rejects.toThrow(/rules of tekken/);
  await expect(changed({}, [q3k])).rejects.toThrow(/token_embd\.weight is stored as Q3_K/);
  await expect(changed({}, [])).rejects.toThrow(/no token_embd\.weight/);
  await expect(changed({ 'llama.block_count': { text: 'two' } })).rejects.toThrow(/block_count is two/);
});

it('refuses a tensor that lies past the end, and a name given twice', async () => {
  const tensors = tinyGgufTensors(tinyConfig());
  const bytes = ggufBytes(tinyGgufMetadata(tinyConfig()), tensors);
  await expect(openGguf(source(bytes.slice(0, bytes.length - 40)))).rejects.toThrow(/past the end of the file/);
  await expect(changed({}, [tensors[0]!, tensors[0]!])).rejects.toThrow(/token_embd\.weight appears twice/);
});

it('puts the rows of queries and keys back as llama.cpp took them apart', () => {
  // Its converter: rows of a head as (2, D/2), transposed. For D = 6 rows 0 … 5 become 0 3 1 4 2 5. Two heads, two
  // bytes a row.
  const converted = [0, 3, 1, 4, 2, 5, 6, 9, 7, 10, 8, 11];
  const bytes = Uint8Array.from(converted.flatMap((row) => [row, 100 + row]));
  const expected = Array.from({ length: 12 }, (_, row) => [row, 100 + row]).flat();
  expect([...unpermuteRows(bytes, 2, 6)]).toEqual(expected);
});
