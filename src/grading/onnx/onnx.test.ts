import { readFile } from 'node:fs/promises';
import * as ort from 'onnxruntime-web';
import { beforeAll, describe, expect, it } from 'vitest';
import { graderSchema } from '../../domain/recipe/grader';
import { samplingSchema } from '../../domain/recipe/sampling';
import { openOnnxFolder } from '../../formats/onnxFolder';
import { type ByteSource, bytesSource } from '../../formats/source';
import { asSources, tinyConfig, tinyFolder } from '../../formats/test/testModel';
import { uniform } from '../../random';
import { logprobForward } from '../../reference/logprob';
import { unpack } from '../../reference/recorded';
import { sampleReference } from '../../reference/sample';
import { testExample, testRollout } from '../../rl/test/testModel';
import { chatText } from '../../text/chatText';
import { Tokenizer } from '../../text/tokenizer';
import { ModelGrader } from '../policyGrader';
import recorded from './fixtures/onnx/recorded.json';
import { OnnxModel } from './onnxModel';
import { OnnxSession, readOnnx } from './onnxSession';
import { sampleToken } from './sampleToken';

const FIXTURE = new URL('./fixtures/onnx/', import.meta.url);
const ids = Int32Array.from(recorded.tokens);
const V = 288;

/** The fixture's model with the tokenizer of the other tests, which has as many tokens. */
async function files(): Promise<ByteSource[]> {
  const read = async (name: string, path = name) => bytesSource(`tiny/${path}`, await readFile(new URL(name, FIXTURE)));
  const tokenizer = (await asSources(tinyFolder(tinyConfig()))).filter(({ name }) => name.includes('tokenizer'));
  return [
    await read('config.json'),
    await read('model.onnx', 'onnx/model.onnx'),
    await read('model.onnx_data', 'onnx/model.onnx_data'),
    ...tokenizer,
  ];
}

let session: OnnxSession;
const model = () => new OnnxModel(session, { endTokens: [258] }, 512);
beforeAll(async () => {
  session = await OnnxSession.open(ort, await readOnnx(await openOnnxFolder(await files(), { gpu: false })), 'wasm');
}, 60_000);

const greedy = (maxNewTokens: number) => ({
  sampling: samplingSchema.parse({ temperature: 0, maxNewTokens }),
  endTokens: [],
  adapter: false,
});

describe('an ONNX model', () => {
  it('gives the logits of transformers, in one pass and in pieces', async () => {
    const want = unpack(recorded.logits);
    for (const cuts of [[24], [1, 23], [10, 5, 9]]) {
      let at = 0;
      let cache = null;
      for (const count of cuts) {
        const step = await session.run([ids.subarray(at, at + count)], cache);
        at += count;
        cache = step.cache;
        const row = want.subarray(V * (at - 1), V * at);
        const difference = step.logits[0]!.map((logit, v) => Math.abs(logit - row[v]!));
        expect(Math.max(...difference)).toBeLessThan(2e-5);
      }
      expect(cache!.length).toBe(24);
    }
  });

  it('continues greedily as transformers does', async () => {
    const [generation] = await model().generate([{ tokens: ids, seed: 1 }], greedy(16));
    expect([...generation!.tokens]).toEqual(recorded.greedy);
    expect(generation!.finish).toBe('length');
  });

  it('answers each question as if it were the only one, and reads what they share once', async () => {
    const requests = [0, 1, 2, 3].map((i) => ({
      tokens: Int32Array.from([...ids, ...ids.subarray(0, 4 * i), 40 + i]),
      seed: i,
    }));
    const options = { ...greedy(6), sampling: samplingSchema.parse({ temperature: 1, maxNewTokens: 6 }) };
    const together = model();
    const all = await together.generate(requests, options);
    let alone = 0;
    for (const [i, request] of requests.entries()) {
      const single = model();
      expect((await single.generate([request], options))[0]!.tokens).toEqual(all[i]!.tokens);
      alone += single.tokens;
    }
    expect(together.tokens).toBeLessThanOrEqual(alone - 3 * ids.length);
    const scores = await together.score(
      requests.map(({ tokens }) => tokens),
      [7, 250],
      { adapter: false },
    );
    for (const [i, { tokens }] of requests.entries()) {
      const [logits] = (await session.run([tokens], null)).logits;
      const want = [7, 250].map((v) => logprobForward(Float64Array.from(logits!), [v], 1).logprob[0]!);
      for (const [c, value] of want.entries()) expect(Math.abs(scores[i]![c]! - value)).toBeLessThan(1e-4);
    }
  });

  it('stops at an end token and on abort', async () => {
    const ends = { ...greedy(16), endTokens: [recorded.greedy[3]!] };
    const [stopped] = await model().generate([{ tokens: ids, seed: 1 }], ends);
    expect([[...stopped!.tokens], stopped!.finish]).toEqual([recorded.greedy.slice(0, 4), 'stop']);
    const signal = AbortSignal.abort();
    const [aborted] = await model().generate([{ tokens: ids, seed: 1 }], greedy(16), { signal });
    expect([aborted!.tokens.length, aborted!.finish]).toEqual([0, 'aborted']);
  });

  it.each(['verdict', 'forced', 'json'] as const)('grades in %s mode', async (mode) => {
    const { tokenizer } = await openOnnxFolder(await files(), { gpu: false });
    const config = graderSchema.parse({
      kind: 'frozen',
      mode,
      tries: 1,
      template: '<<conversation>>?<<rubric_item>>',
      sampling: { maxNewTokens: 12, temperature: 1 },
    });
    const grader = new ModelGrader(model(), chatText(Tokenizer.fromFiles(tokenizer)), config);
    const [grade] = await grader.grade([testRollout(testExample('p'), 0, 'Rest.')], { seed: 1 });
    if (mode === 'json') return expect(grade![0]).toMatchObject({ verdict: 'ungraded', failure: expect.any(String) });
    expect(grade![0]!.confidence).toBeGreaterThan(0);
    expect(grade![0]!.confidence).toBeLessThan(1);
    expect(grade![0]!.verdict).toBe(grade![0]!.confidence! > 0.5 ? 'met' : 'notMet');
  });
});

describe('a folder', () => {
  const fake = (...names: string[]) => names.map((name) => bytesSource(`m/${name}`, new TextEncoder().encode('{}')));

  it('gives the version that suits the device, with its data', async () => {
    const base = (await files()).filter(({ name }) => !name.includes('onnx/'));
    const versions = fake(
      'onnx/model.onnx',
      'onnx/model_q4f16.onnx',
      'onnx/model_int8.onnx',
      'onnx/model_int8.onnx_data',
      'onnx/model_int8.onnx_data_1',
      'onnx/model.onnx_data',
    );
    const chosen = async (gpu: boolean) => {
      const { model: file, data, name } = await openOnnxFolder([...base, ...versions], { gpu });
      return [name, file.name, data.map((part) => part.name)];
    };
    expect(await chosen(true)).toEqual(['tiny', 'm/onnx/model_q4f16.onnx', []]);
    expect(await chosen(false)).toEqual([
      'tiny',
      'm/onnx/model_int8.onnx',
      ['m/onnx/model_int8.onnx_data', 'm/onnx/model_int8.onnx_data_1'],
    ]);
  });

  it('is refused by name when something is missing', async () => {
    await expect(openOnnxFolder(fake('config.json'), { gpu: false })).rejects.toThrow(/no .onnx file/);
    await expect(openOnnxFolder(fake('model.onnx'), { gpu: false })).rejects.toThrow(/config.json is missing/);
    await expect(openOnnxFolder(fake('model.onnx', 'config.json'), { gpu: false })).rejects.toThrow(
      /tokenizer.json is missing/,
    );
  });
});

it.each([
  ['plain', {}],
  ['greedy', { temperature: 0 }],
  ['filtered', { temperature: 0.8, topK: 20, topP: 0.9, minP: 0.02 }],
  ['penalised', { temperature: 1.3, repetitionPenalty: 1.4, topP: 0.7 }],
])('samples as the GPU does: %s', (_, change) => {
  const sampling = samplingSchema.parse(change);
  for (let row = 0; row < 60; row++) {
    const logits = Float32Array.from({ length: 200 }, (_, v) => 12 * (uniform(row, v) - 0.5));
    const seen = new Set([3, 5, 8, 150]);
    const u = uniform(row + 1000);
    const got = sampleToken(logits, seen, sampling, u);
    const want = sampleReference(logits, seen, sampling, u);
    expect(got.token).toBe(want.token);
    expect(Math.abs(got.logprob - want.logprob)).toBeLessThan(1e-5);
    expect(Math.abs(got.entropy - want.entropy)).toBeLessThan(1e-5);
  }
});
