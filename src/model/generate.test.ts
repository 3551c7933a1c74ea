import { expect, it } from 'vitest';
import { type Sampling, samplingSchema } from '../domain/recipe/sampling';
import { testGpu } from '../gpu/test/testGpu';
import { worstError } from '../reference/gradientCheck';
import { logprobForward } from '../reference/logprob';
import { bitset } from './decodeBatch';
import { Generator } from './generate';
import type { ScoreContext } from './generation';
import { KvCache } from './kvCache';
import { type FakeSizes, fakeCompletion, fakeDecoder, fakeLogits } from './test/fakeDecoder';

const V = 67;
const sizes: FakeSizes = { rows: 24, slots: 8, blocks: 64, maxBlocks: 8, vocabulary: V, contextLength: 120 };
const tolerance = { atol: 2e-5, rtol: 1e-5 };

async function open(change: Partial<FakeSizes> = {}) {
  const gpu = await testGpu();
  const s = { ...sizes, ...change };
  const decoder = await fakeDecoder(gpu, s);
  const cache = new KvCache({ blocks: s.blocks, maxBlocks: s.maxBlocks });
  return { gpu, decoder, cache, generator: await Generator.open(gpu, decoder, cache, V) };
}

const sampling = (change: Partial<Sampling> = {}): Sampling => samplingSchema.parse({ maxNewTokens: 40, ...change });

/** Prompts of different lengths, in groups of `group` that share one. */
const requests = (count: number, group = 1) =>
  Array.from({ length: count }, (_, i) => {
    const prompt = Math.floor(i / group);
    return {
      tokens: Int32Array.from({ length: 1 + ((prompt * 17) % 60) }, (_, t) => (t < 20 ? t : t * prompt) % V),
      seed: 1000 + i,
    };
  });

const endTokens = [3, 40];
const stops = (token: number) => endTokens.includes(token);

function expectReference(
  got: Awaited<ReturnType<Generator['generate']>>,
  asked: ReturnType<typeof requests>,
  options: Sampling,
  adapter = true,
  ends = stops,
) {
  asked.forEach(({ tokens, seed }, i) => {
    const want = fakeCompletion(tokens, seed, options, ends, V, adapter);
    expect([...got[i]!.tokens], `request ${i}`).toEqual(want.tokens);
    expect(got[i]!.finish).toBe(ends(want.tokens.at(-1)!) ? 'stop' : 'length');
    expect(worstError(got[i]!.logprobs, want.logprobs, tolerance).ratio).toBeLessThan(1);
    expect(worstError(got[i]!.entropies, want.entropies, tolerance).ratio).toBeLessThan(1);
  });
}

it.each([
  ['plain', {}],
  ['greedy with penalty', { temperature: 0, repetitionPenalty: 1.3 }],
  ['filtered', { temperature: 0.8, topK: 20, topP: 0.9, minP: 0.02 }],
] as const)('completes each request as if it were alone: %s', async (_, change) => {
  const { generator } = await open();
  const asked = requests(20, 2);
  const options = sampling(change);
  expectReference(await generator.generate(asked, { sampling: options, endTokens, adapter: true }), asked, options);
});

// One slot; passes of one row; a cache so small that sequences must give way.
it.each([{ slots: 1 }, { slots: 3, rows: 3 }, { rows: 8, blocks: 8 }, { blocks: 13 }])(
  'gives the same with %j',
  async (change) => {
    const { generator, cache } = await open(change);
    const asked = requests(9, 3);
    const options = sampling();
    expectReference(
      await generator.generate(asked, { sampling: options, endTokens, adapter: false }),
      asked,
      options,
      false,
    );
    expect(cache.available).toBe(cache.blocks);
  },
);

it('computes a shared prompt once', async () => {
  const { generator } = await open();
  const tokens = Int32Array.from({ length: 70 }, (_, i) => (i * 5) % V);
  const asked = Array.from({ length: 8 }, (_, seed) => ({ tokens, seed }));
  const options = sampling({ maxNewTokens: 5 });
  expectReference(
    await generator.generate(asked, { sampling: options, endTokens: [], adapter: true }),
    asked,
    options,
    true,
    () => false,
  );
  expect(generator.counters).toEqual({
    prefillTokens: 69 + 7 * 5,
    sharedTokens: 7 * 64,
    decodeSteps: 5,
    decodedTokens: 40,
  });

  generator.invalidate();
  await generator.generate(asked.slice(0, 1), { sampling: options, endTokens: [], adapter: true });
  expect(generator.counters.prefillTokens).toBe(69 + 7 * 5 + 69);
});

it('stops at tokens of the bitset', async () => {
  const { generator } = await open();
  const asked = requests(4);
  const options = sampling();
  const stopTokens = bitset(3, [5, 6, 33, 66]);
  const got = await generator.generate(asked, { sampling: options, endTokens: [], stopTokens, adapter: true });
  expectReference(got, asked, options, true, (token) => [5, 6, 33, 66].includes(token));
});

it('reports tokens and progress as they come', async () => {
  const { generator } = await open({ slots: 2 });
  const asked = requests(4);
  const seen: number[][] = asked.map(() => []);
  const progress: number[] = [];
  const context = {
    onTokens: (index: number, tokens: readonly number[]) => void seen[index]!.push(...tokens),
    onProgress: (done: number, total: number) => void progress.push(done / total),
  };
  const got = await generator.generate(asked, { sampling: sampling(), endTokens, adapter: true }, context);
  expect(seen).toEqual(got.map(({ tokens }) => [...tokens]));
  expect(progress).toEqual([0, 0.25, 0.5, 0.75, 1]);
});

it('returns what there is when aborted, and goes on correctly afterwards', async () => {
  const { generator, cache } = await open({ slots: 2 });
  const asked = requests(5);
  const options = sampling({ maxNewTokens: 60 });
  const stop = new AbortController();
  const call = { sampling: options, endTokens: [], adapter: true };
  const got = await generator.generate(asked, call, { signal: stop.signal, onTokens: () => stop.abort() });
  expect(got.map(({ finish, tokens }) => [finish, tokens.length])).toEqual([
    ['aborted', 16],
    ['aborted', 16],
    ['aborted', 0],
    ['aborted', 0],
    ['aborted', 0],
  ]);
  expect(cache.available).toBe(cache.blocks);
  expectReference(await generator.generate(asked, call), asked, options, true, () => false);
  expect((await generator.generate(asked, call, { signal: AbortSignal.abort() }))[0]!.finish).toBe('aborted');
});

it('forgets blocks that an abort left uncomputed', async () => {
  const { generator, decoder } = await open({ rows: 8 });
  const asked = [{ tokens: Int32Array.from({ length: 60 }, (_, i) => i), seed: 1 }];
  const stop = new AbortController();
  const forward = decoder.forward;
  decoder.forward = (...args) => {
    stop.abort();
    forward(...args);
  };
  const call = { sampling: sampling(), endTokens, adapter: true };
  await generator.generate(asked, call, { signal: stop.signal });
  expect(generator.counters).toMatchObject({ prefillTokens: 8, decodedTokens: 0 });
  expectReference(await generator.generate(asked, call), asked, call.sampling);
});

it('shares nothing that is not computed yet, whatever the lengths', async () => {
  const { generator } = await open({ slots: 8 });
  const asked = [32, 40, 33, 31, 48, 49, 32, 47].map((length, seed) => ({
    tokens: Int32Array.from({ length }, (_, i) => i),
    seed,
  }));
  const options = sampling();
  expectReference(await generator.generate(asked, { sampling: options, endTokens, adapter: true }), asked, options);
});

it('scores candidates by prefill alone', async () => {
  const { generator, decoder } = await open({ slots: 4 });
  const asked = requests(11).map(({ tokens }) => tokens);
  const candidates = [0, 66, 13];
  const progress: number[] = [];
  const reported: Float32Array[] = [];
  const context: ScoreContext = {
    onProgress: (done) => progress.push(done),
    onScores: (index, logprobs) => {
      reported[index] = logprobs;
    },
  };
  const got = await generator.score(asked, candidates, { adapter: true }, context);
  expect(reported).toEqual(got);
  asked.forEach((tokens, i) => {
    const logits = Float64Array.from(fakeLogits(tokens, V, true));
    const want = candidates.map((v) => logprobForward(logits, [v], 1).logprob[0]!);
    expect(worstError(got[i]!, want, tolerance).ratio, `request ${i}`).toBeLessThan(1);
  });
  expect(progress.at(-1)).toBe(11);
  expect(generator.counters.decodeSteps).toBe(0);

  // What all share is found again, so the second time only the last blocks are computed.
  const before = decoder.passes.reduce((a, b) => a + b);
  expect(await generator.score(asked, candidates, { adapter: true })).toEqual(got);
  const again = decoder.passes.reduce((a, b) => a + b) - before;
  expect(again).toBe(asked.reduce((sum, { length }) => sum + length - 16 * Math.floor((length - 1) / 16), 0));
});

it('refuses what does not fit, and two calls at once', async () => {
  const { generator } = await open();
  const call = { sampling: sampling({ maxNewTokens: 100 }), endTokens, adapter: true };
  const long = [{ tokens: new Int32Array(21), seed: 1 }];
  await expect(generator.generate(long, call)).rejects.toThrow(
    'a prompt of 21 tokens and 100 new ones make 121, but at most 120 fit',
  );
  await expect(generator.generate([{ tokens: new Int32Array(0), seed: 1 }], call)).rejects.toThrow('a prompt is empty');
  const small = await open({ blocks: 2 });
  await expect(small.generator.score([new Int32Array(33)], [1], { adapter: true })).rejects.toThrow('cache 32');
  const first = generator.generate(requests(1), { ...call, sampling: sampling() });
  await expect(generator.generate(requests(1), call)).rejects.toThrow('another call is still running');
  await first;
  expect(await generator.generate([], call)).toEqual([]);
});

it('allocates nothing after the first call', async () => {
  const { gpu, generator } = await open();
  const call = () => generator.generate(requests(12, 4), { sampling: sampling({ topK: 9 }), endTokens, adapter: true });
  const scored = () => generator.score([new Int32Array(20)], [1, 2], { adapter: true });
  await call();
  await scored();
  const { buffers, bindGroups, pipelines } = gpu.counters;
  await call();
  await scored();
  expect(gpu.counters).toMatchObject({ buffers, bindGroups, pipelines });
});
