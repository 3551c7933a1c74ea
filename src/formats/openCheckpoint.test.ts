import { describe, expect, it } from 'vitest';
import { ARCHITECTURES, type Architecture, type ModelConfig } from '../domain/model';
import { familyOf } from '../families/families';
import type { Checkpoint } from './checkpoint';
import { checkpointId, formerCheckpointId, shortModelId, weightFormat } from './checkpointId';
import { dequantize } from './dequantize';
import { openCheckpoint } from './openCheckpoint';
import { type ByteSource, baseName, bytesSource } from './source';
import { tinyGguf } from './test/testGguf';
import { asSources, tinyConfig, tinyFolder, tinyTensors } from './test/testModel';

/** What the tiny models of a family have besides. */
const others: Partial<Record<Architecture, Partial<ModelConfig>>> = {
  gemma3: { window: 33, globalEvery: 6, localRopeTheta: 10_000 },
  smollm3: { noRopeEvery: 4 },
};
const models = (Object.keys(ARCHITECTURES) as Architecture[]).flatMap((architecture) => [
  tinyConfig({ architecture, ...others[architecture] }),
  tinyConfig({
    architecture,
    ...others[architecture],
    headSize: 24,
    tiedHead: false,
    endTokens: [256, 258],
  }),
]);

async function valuesOf({ tensors }: Checkpoint, name: string): Promise<Float32Array> {
  const tensor = tensors.get(name)!;
  return dequantize(tensor.format, await tensor.read());
}

for (const config of models) {
  const { architecture } = config;
  const label = `${config.architecture}, ${config.tiedHead ? 'tied' : 'untied'} head`;

  it(`opens a Hugging Face folder as it was written (${label})`, async () => {
    const checkpoint = await openCheckpoint(await asSources(tinyFolder(config)));
    expect(checkpoint.config).toEqual(config);
    expect(checkpoint.name).toBe('tiny');
    for (const [name, values] of tinyTensors(config)) expect(await valuesOf(checkpoint, name), name).toEqual(values);
  });

  it(`opens a sharded folder (${label})`, async () => {
    const files = tinyFolder(config, { shardBytes: 40_000 });
    expect(files.filter(({ name }) => name.endsWith('.safetensors')).length).toBeGreaterThan(3);
    const checkpoint = await openCheckpoint(await asSources(files));
    for (const [name, values] of tinyTensors(config)) expect(await valuesOf(checkpoint, name), name).toEqual(values);
  });

  it(`opens the same model as GGUF, rows in Hugging Face order (${label})`, async () => {
    const checkpoint = await openCheckpoint(tinyGguf(config));
    expect(checkpoint.config).toEqual({
      ...config,
      endTokens:
        (familyOf(config).gguf.endTexts as string[]).includes('<|endoftext|>') || architecture === 'mistral'
          ? [256, 258]
          : [258],
      ...(architecture === 'mistral' && { architecture: 'llama' }),
    });
    for (const [name, values] of tinyTensors(config)) expect(await valuesOf(checkpoint, name), name).toEqual(values);
  });
}

it('keeps bf16 as stored', async () => {
  const checkpoint = await openCheckpoint(await asSources(tinyFolder(tinyConfig(), { format: 'BF16' })));
  expect(weightFormat(checkpoint)).toBe('bf16');
  const values = await valuesOf(checkpoint, 'model.norm.weight');
  tinyTensors(tinyConfig())
    .get('model.norm.weight')!
    .forEach((value, i) => {
      expect(Math.abs(values[i]! - value)).toBeLessThanOrEqual(Math.abs(value) / 256);
    });
});

describe('the identity of a model', () => {
  const id = async (files: ByteSource[]) => checkpointId(await openCheckpoint(files));
  const formerId = async (files: ByteSource[]) => formerCheckpointId(await openCheckpoint(files));
  const folder = () => asSources(tinyFolder(tinyConfig()));
  /** The same folder with one bit of a weight flipped, counted from the end of the file. */
  const changed = async (fromEnd: number) =>
    Promise.all(
      (await folder()).map(async (source) => {
        if (!source.name.endsWith('.safetensors')) return source;
        const bytes = await source.read(0, source.size);
        bytes[bytes.length - fromEnd]! ^= 1;
        return bytesSource(source.name, bytes);
      }),
    );

  it('is its config, tensors and weights, not its files', async () => {
    const known = await id(await folder());
    expect(known).toMatch(/^w-[0-9a-f]{64}$/);
    expect(await id(await asSources(tinyFolder(tinyConfig(), { shardBytes: 40_000 }), 'other'))).toBe(known);
    expect(await id(await asSources(tinyFolder(tinyConfig(), { format: 'BF16' })))).not.toBe(known);
    expect(await id(await asSources(tinyFolder(tinyConfig({ ropeTheta: 1e6 }))))).not.toBe(known);
    const ids = new Set([known, await id(await changed(1)), await id(await changed(5000))]);
    expect([...ids].map(shortModelId).length).toBe(3);
  });

  it('was its names, shapes and formats: the former id stays what it was', async () => {
    const former = '9ef9282dbff28425bf945dae9e686c799756d2e664defc021e073b5e76a628f4';
    expect(await formerId(await folder())).toBe(former);
    expect(await formerId(await changed(1))).toBe(former);
    expect(await formerId(await asSources(tinyFolder(tinyConfig(), { format: 'BF16' })))).not.toBe(former);
  });

  it('reads 64 KiB of a large tensor at most, its first and last bytes among them', async () => {
    const bytes = 300 * 2 ** 20;
    const read: number[][] = [];
    const tensor = {
      name: 'large',
      shape: [bytes / 4],
      format: 'F32' as const,
      bytes,
      read: () => Promise.reject(new Error('the whole tensor was read')),
      readPart: async (start: number, end: number) => {
        read.push([start, end]);
        return new Uint8Array(end - start);
      },
    };
    await checkpointId({ tensors: new Map([['large', tensor]]) } as unknown as Checkpoint);
    expect(read.reduce((sum, [start, end]) => sum + end! - start!, 0)).toBe(64 * 1024);
    expect([read[0]![0], read.at(-1)![1]]).toEqual([0, bytes]);
  });
});

/** The folder's files with some replaced; null takes one away. */
async function folderWith(
  change: Record<string, ((text: string) => unknown) | null>,
  options?: { shardBytes?: number },
): Promise<ByteSource[]> {
  const sources = await asSources(tinyFolder(tinyConfig(), options));
  const changed = sources.map(async (source) => {
    const edit = change[baseName(source)];
    if (edit === undefined) return source;
    if (edit === null) return null;
    const value = edit(new TextDecoder().decode(await source.read(0, source.size)));
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    return bytesSource(source.name, new TextEncoder().encode(text));
  });
  return (await Promise.all(changed)).filter((source) => source !== null);
}
const withField = (fields: object) => (text: string) => ({ ...JSON.parse(text), ...fields });

const refusals: [string, Parameters<typeof folderWith>[0], RegExp][] = [
  ['another architecture', { 'config.json': withField({ architectures: ['GemmaForCausalLM'] }) }, /GemmaForCausalLM/],
  ['a name that every object has', { 'config.json': withField({ architectures: ['constructor'] }) }, /constructor/],
  ['RoPE scaling (transformers 4)', { 'config.json': withField({ rope_scaling: { rope_type: 'llama3' } }) }, /llama3/],
  [
    'RoPE scaling (transformers 5)',
    { 'config.json': withField({ rope_parameters: { rope_type: 'longrope' } }) },
    /longrope/,
  ],
  ['attention biases', { 'config.json': withField({ attention_bias: true }) }, /attention_bias/],
  ['feed-forward biases', { 'config.json': withField({ mlp_bias: true }) }, /mlp_bias/],
  ['another activation', { 'config.json': withField({ hidden_act: 'gelu' }) }, /gelu/],
  ['foreign quantisation', { 'config.json': withField({ quantization_config: { bits: 4 } }) }, /quantization_config/],
  ['a config without sizes', { 'config.json': withField({ hidden_size: 'many' }) }, /config\.json.*hidden_size/s],
  ['a config that is not JSON', { 'config.json': () => '{' }, /config\.json is damaged: it is not JSON/],
  [
    'a config of another model',
    { 'config.json': withField({ intermediate_size: 128 }) },
    /gate_proj.*\(96, 64\).*\(128, 64\)/,
  ],
  ['a billion layers', { 'config.json': withField({ num_hidden_layers: 1e9 }) }, /config\.json.*layers/s],
  ['more layers than there are', { 'config.json': withField({ num_hidden_layers: 3 }) }, /lacks 9 of 29 tensors/],
  [
    'fewer layers than there are',
    { 'config.json': withField({ num_hidden_layers: 1 }) },
    /9 tensors that its architecture/,
  ],
  ['a missing tokenizer', { 'tokenizer.json': null }, /tokenizer\.json is missing/],
  [
    'a Unigram tokenizer',
    { 'tokenizer.json': withField({ model: { type: 'Unigram', vocab: {}, merges: [] } }) },
    /Unigram/,
  ],
  ['missing weights', { 'model.safetensors': null }, /No \.safetensors file/],
  ['weights cut short', { 'model.safetensors': (text) => text.slice(0, 9000) }, /model\.safetensors is damaged/],
];
for (const [what, change, message] of refusals) {
  it(`refuses ${what} by name, with advice`, async () => {
    const opened = openCheckpoint(await folderWith(change));
    await expect(opened).rejects.toThrow(message);
    await expect(opened).rejects.toMatchObject({ name: 'FormatError', advice: expect.stringMatching(/\w/) });
  });
}

it('names a missing shard', async () => {
  const files = await folderWith({}, { shardBytes: 40_000 });
  const rest = files.filter(({ name }) => !name.includes('-00002-of-'));
  await expect(openCheckpoint(rest)).rejects.toThrow(/1 of \d+ weight files are missing: model-00002-of-/);
});

it('refuses shards without an index, two GGUF files, and files that are no model', async () => {
  const shards = await folderWith({ 'model.safetensors.index.json': null }, { shardBytes: 40_000 });
  await expect(openCheckpoint(shards)).rejects.toThrow(/no model\.safetensors\.index\.json/);
  const [gguf] = tinyGguf(tinyConfig());
  await expect(openCheckpoint([gguf!, { ...gguf!, name: 'other.gguf' }])).rejects.toThrow(/Several GGUF files/);
  const photo = bytesSource('photo.jpg', new Uint8Array(10));
  await expect(openCheckpoint([photo])).rejects.toThrow(/No model among the files: photo\.jpg/);
});

it('takes the files beside the topmost config.json, and refuses two of a name', async () => {
  const config = tinyConfig({ tiedHead: false });
  const top = await asSources(tinyFolder(config), 'repo');
  const below = await asSources(tinyFolder(tinyConfig()), 'repo/onnx');
  expect((await openCheckpoint([...below, ...top])).config).toEqual(config);
  const flat = [...top, ...below].map((source) => ({ ...source, name: baseName(source) }));
  await expect(openCheckpoint(flat)).rejects.toThrow(/Two files are called config\.json/);
});

it('reads rope_theta and end tokens from where either version of transformers puts them', async () => {
  const files = await folderWith({
    'config.json': (text) => {
      const { rope_theta: _, ...config } = JSON.parse(text);
      return { ...config, rope_parameters: { rope_type: 'default', rope_theta: 123_456 }, eos_token_id: 258 };
    },
    'generation_config.json': () => ({ eos_token_id: [256, 257] }),
  });
  const { config } = await openCheckpoint(files);
  expect(config.ropeTheta).toBe(123_456);
  expect(config.endTokens).toEqual([256, 257, 258]);
});
