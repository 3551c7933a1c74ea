import { readFile } from 'node:fs/promises';
import * as ort from 'onnxruntime-web';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { samplingSchema } from '../../domain/recipe/sampling';
import type { Generation } from '../../model/generation';
import { derive } from '../../random';
import { batchesOf } from './onnxBatches';
import { tryBatching } from './onnxBatching';
import { OnnxModel } from './onnxModel';
import { OnnxSession } from './onnxSession';

const read = async (name: string) =>
  new Uint8Array(await readFile(new URL(`./fixtures/onnx/${name}`, import.meta.url)));
let session: OnnxSession;
beforeAll(async () => {
  const weights = {
    name: 'tiny',
    model: await read('model.onnx'),
    data: [{ name: 'model.onnx_data', bytes: await read('model.onnx_data') }],
  };
  session = await OnnxSession.open(ort, weights, 'wasm');
}, 60_000);

const words = (length: number, seed: number) => Int32Array.from({ length }, (_, i) => derive(seed, i) % 256);
const joined = (...parts: readonly Int32Array[]) => Int32Array.from(parts.flatMap((part) => [...part]));
const greedy = { sampling: samplingSchema.parse({ temperature: 0, maxNewTokens: 12 }), endTokens: [], adapter: false };
const drawn = {
  ...greedy,
  sampling: samplingSchema.parse({ temperature: 1, maxNewTokens: 12 }),
  endTokens: Array.from({ length: 40 }, (_, i) => 7 * i),
};

/** The same session that cannot do all of it: exports of one row, and such as take padding for text. */
function lesser(how: 'oneRow' | 'deaf'): OnnxSession {
  return new Proxy(session, {
    get(target, key) {
      if (key !== 'run') {
        const value = Reflect.get(target, key) as unknown;
        return typeof value === 'function' ? value.bind(target) : value;
      }
      return (rows: readonly Int32Array[], cache: Parameters<OnnxSession['run']>[1]) => {
        if (how === 'oneRow' && rows.length > 1) throw new Error('Got invalid dimensions for input: input_ids');
        const width = Math.max(...rows.map(({ length }) => length));
        const padded = rows.map((row) => joined(new Int32Array(width - row.length), row));
        return target.run(how === 'deaf' ? padded : rows, cache);
      };
    },
  });
}
const counted = (own: OnnxSession) => ({ own, runs: vi.spyOn(own, 'run') });

/** Of very different lengths, some with a beginning in common. */
const instructions = words(40, 1);
const answer = joined(instructions, words(30, 2));
const prompts = [
  ...[5, 1, 9].map((length) => joined(answer, words(length, 3 + length))),
  ...[2, 30].map((length) => joined(instructions, words(length, 20 + length))),
  words(3, 90),
  words(600, 91).subarray(0, 500),
  words(1, 92),
];

describe('several sequences in one pass', () => {
  it('have the logits that each has alone, with a cache and without', async () => {
    const rows = [words(9, 1), words(2, 2), words(5, 3)];
    const more = [words(1, 4), words(4, 5), words(2, 6)];
    const first = await session.run(rows, null);
    const second = await session.run(more, first.cache);
    for (const [i, row] of rows.entries()) {
      const alone = [await session.run([row], null), await session.run([joined(row, more[i]!)], null)];
      for (const [k, pass] of [first, second].entries()) {
        const difference = pass.logits[i]!.map((logit, v) => Math.abs(logit - alone[k]!.logits[0]![v]!));
        expect(Math.max(...difference)).toBeLessThan(2e-5);
      }
    }
    expect(second.cache.counts).toEqual([10, 6, 7]);
    const kept = await session.gather(second.cache, [2, 0]);
    const [third] = (await session.run([Int32Array.of(8), Int32Array.of(9)], kept)).logits;
    const [alone] = (await session.run([joined(rows[2]!, more[2]!, Int32Array.of(8))], null)).logits;
    expect(Math.max(...third!.map((logit, v) => Math.abs(logit - alone![v]!)))).toBeLessThan(2e-5);
  });

  it.each([
    ['greedily', greedy],
    ['by draws, ending at different lengths', drawn],
  ])('are written %s as each would be alone, in fewer passes', async (_, options) => {
    const requests = prompts.map((tokens, seed) => ({ tokens, seed }));
    const { own, runs } = counted(session);
    const together = await new OnnxModel(own, { endTokens: [] }, 512).generate(requests, options);
    const passes = runs.mock.calls.length;
    const alone: Generation[] = [];
    for (const request of requests)
      alone.push((await new OnnxModel(session, { endTokens: [] }, 512).generate([request], options))[0]!);
    // Half of them at the most, where all go on to the end.
    expect(passes).toBeLessThan((runs.mock.calls.length - passes) / (options === greedy ? 2 : 1));
    runs.mockRestore();
    for (const [i, generation] of together.entries()) {
      expect([...generation.tokens], `${i}`).toEqual([...alone[i]!.tokens]);
      expect(generation.finish).toBe(alone[i]!.finish);
      const difference = generation.logprobs.map((logprob, t) => Math.abs(logprob - alone[i]!.logprobs[t]!));
      expect(Math.max(...difference)).toBeLessThan(2e-5);
    }
    if (options === drawn) expect(new Set(together.map(({ tokens }) => tokens.length)).size).toBeGreaterThan(2);
  });

  it.each([
    ['any', () => session],
    ['equal', () => lesser('deaf')],
    ['single', () => lesser('oneRow')],
  ] as const)('are scored as each would be alone where an export allows batches of %s', async (how, open) => {
    expect(await tryBatching(open())).toBe(how);
    const model = new OnnxModel(open(), { endTokens: [] }, 512);
    const equal = [words(6, 50), words(6, 51)];
    const scores = await model.score([...prompts, ...equal], [1, 100, 200], { adapter: false });
    for (const [i, prompt] of [...prompts, ...equal].entries()) {
      const [alone] = await new OnnxModel(session, { endTokens: [] }, 512).score([prompt], [1, 100, 200], {
        adapter: false,
      });
      expect(Math.max(...scores[i]!.map((score, c) => Math.abs(score - alone![c]!)))).toBeLessThan(2e-5);
    }
  });
});

describe('batches', () => {
  const spans = (asked: readonly Int32Array[], most = 8) =>
    batchesOf(asked, most).map(({ from, to, shared, kept }) => [from, to, shared, ...kept]);

  it('are the questions about one answer, whose beginning is kept, and that of the next batch too', () => {
    const about = (seed: number, count: number) => {
      const start = joined(instructions, words(50, seed));
      return Array.from({ length: count }, (_, i) => joined(start, Int32Array.of(i), words(8, 100 * seed + i)));
    };
    const asked = [...about(5, 10), ...about(6, 1), ...about(7, 3)];
    expect(spans(asked)).toEqual([
      [0, 8, 90, 90],
      [8, 10, 90, 40, 90],
      [10, 11, 98, 40],
      [11, 14, 90, 90],
    ]);
  });

  it('are full where prompts have equally much in common, and keep less than the shortest prompt', () => {
    const asked = Array.from({ length: 5 }, (_, i) => joined(instructions, words(9, 60 + i)));
    expect(spans(asked, 4)).toEqual([
      [0, 4, 40, 40],
      [4, 5, 48],
    ]);
    expect(spans([instructions, instructions])).toEqual([[0, 2, 39, 39]]);
    expect(spans([])).toEqual([]);
  });
});
