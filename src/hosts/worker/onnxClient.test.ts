import { readFile } from 'node:fs/promises';
import * as ort from 'onnxruntime-web';
import { afterEach, expect, it } from 'vitest';
import { samplingSchema } from '../../domain/recipe/sampling';
import type { OnnxFolder } from '../../formats/onnxFolder';
import { bytesSource } from '../../formats/source';
import recorded from '../../grading/onnx/fixtures/onnx/recorded.json';
import { openPort } from '../../protocol/port';
import { OnnxClient } from './onnxClient';
import { hostOnnx } from './onnxHost';
import type { OnnxCommand, OnnxNotice } from './onnxMessages';

const FIXTURE = new URL('../../grading/onnx/fixtures/onnx/', import.meta.url);
const source = async (name: string) => bytesSource(`onnx/${name}`, await readFile(new URL(name, FIXTURE)));
const ids = Int32Array.from(recorded.tokens);
const options = {
  sampling: samplingSchema.parse({ temperature: 0, maxNewTokens: 16 }),
  endTokens: [],
  adapter: false,
};

let close = () => {};
afterEach(() => close());

/** Both ends, over a channel whose messages are copied as between threads. */
async function open(providers: readonly ('webgpu' | 'wasm')[] = ['wasm'], data = true) {
  const { port1, port2 } = new MessageChannel();
  port1.start();
  port2.start();
  close = () => port1.close();
  hostOnnx(openPort<OnnxNotice, OnnxCommand>(port2 as unknown as Worker), async () => ort);
  const folder = {
    name: 'tiny',
    contextLength: 512,
    endTokens: [258],
    model: await source('model.onnx'),
    data: data ? [await source('model.onnx_data')] : [],
  } as unknown as OnnxFolder;
  return OnnxClient.open(openPort<OnnxCommand, OnnxNotice>(port1 as unknown as Worker), folder, providers, () => {});
}

it('answers and scores across threads, and falls back to the processor where there is no WebGPU', async () => {
  const client = await open(['webgpu', 'wasm']);
  expect(client.contextLength).toBe(512);
  const progress: number[] = [];
  const requests = [1, 2].map((seed) => ({ tokens: ids, seed, group: 0 }));
  const generations = await client.generate(requests, options, { onProgress: (done) => progress.push(done) });
  expect(generations.map(({ tokens }) => [...tokens])).toEqual([recorded.greedy, recorded.greedy]);
  expect(progress).toEqual([1, 2]);
  const [scores] = await client.score([ids], [recorded.greedy[0]!, 5], { adapter: false });
  expect(scores![0]).toBeGreaterThan(scores![1]!);
  expect(client.tokens).toBeGreaterThan(24 + 2 * 15);
});

it('aborts what is under way, and goes on afterwards', async () => {
  const client = await open();
  const stop = new AbortController();
  const many = Array.from({ length: 50 }, (_, seed) => ({ tokens: ids, seed }));
  const onProgress = () => stop.abort();
  const generations = await client.generate(many, options, { signal: stop.signal, onProgress });
  expect(generations.filter(({ finish }) => finish === 'aborted').length).toBeGreaterThan(40);
  const [after] = await client.generate([many[0]!], options);
  expect([...after!.tokens]).toEqual(recorded.greedy);
});

it('says what is wrong with a model that cannot be opened', async () => {
  await expect(open(['wasm'], false)).rejects.toThrow(/the ONNX teacher: .*model.onnx_data/);
});
