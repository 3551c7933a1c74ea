import { describe, expect, it } from 'vitest';
import { lossSchema } from '../domain/recipe/loss';
import { optimizerSchema } from '../domain/recipe/optimizer';
import { samplingSchema } from '../domain/recipe/sampling';
import type { MicroBatch } from '../model/microBatch';
import { optimizerShares, packBatches, packForLogprobs } from './batch';
import { characterText, testExample, testRollout } from './test/testModel';
import { type PolicyModel, TransformerPolicy } from './transformerPolicy';

const example = testExample('p');
const rollouts = ['abc', 'de', 'fghij', 'k'].map((answer) => testRollout(example, 0, answer));
const advantages = Float32Array.of(1, -1, 0.5, 0);
const options = {
  type: 'grpo',
  truncated: 'kept',
  maxNewTokens: 20,
  microBatchTokens: 16,
  skipZeroAdvantage: false,
} as const;
const sum = (batches: readonly MicroBatch[]) => batches.flatMap(({ weight }) => [...weight]).reduce((a, b) => a + b, 0);

describe('packing', () => {
  it('keeps each answer whole and in one micro-batch, within the limit', () => {
    const batches = packBatches(rollouts, advantages, options);
    expect(batches.map(({ tokens }) => tokens.length)).toEqual([16, 11]);
    expect(batches.map(({ starts }) => [...starts])).toEqual([
      [0, 9, 16],
      [0, 6, 11],
    ]);
  });

  it('has one loss row per completion token, which predicts the token after it', () => {
    for (const { tokens, starts, lossRow, target, oldLogprob } of packBatches(rollouts, advantages, options)) {
      expect([...target]).toEqual([...lossRow].map((row) => tokens[row + 1]));
      expect([...lossRow].every((row, m) => m === 0 || row > lossRow[m - 1]!)).toBe(true);
      expect([...starts].slice(1).every((end) => !lossRow.includes(end - 1))).toBe(true);
      expect(oldLogprob[0]).toBe(-0.5);
    }
    const decoded = packBatches(rollouts, advantages, options).map(({ target }) => characterText.decode(target));
    expect(decoded).toEqual(['fghijabc', 'dek']);
  });

  it('weights answers equally, or tokens equally, and to 1 in all', () => {
    const sequence = packBatches(rollouts, advantages, options);
    expect(sum(sequence)).toBeCloseTo(1, 6);
    expect([...sequence[1]!.weight]).toEqual([0.125, 0.125, 0.25]);
    const token = packBatches(rollouts, advantages, { ...options, type: 'dapo' });
    expect(sum(token)).toBeCloseTo(1, 6);
    expect(new Set(token.flatMap(({ weight }) => [...weight])).size).toBe(1);
  });

  it('weights tokens by the micro-batch, or by the longest answer allowed', () => {
    const bnpo = packBatches(rollouts, advantages, { ...options, type: 'bnpo' });
    expect(bnpo.map(({ weight }) => weight[0])).toEqual([1 / (2 * 8), Math.fround(1 / (2 * 3))]);
    expect(sum(bnpo)).toBeCloseTo(1, 6);
    // A token's weight depends on its micro-batch, so none may be left out of it.
    expect(packBatches(rollouts, advantages, { ...options, type: 'bnpo', skipZeroAdvantage: true })).toEqual(bnpo);
    const dr = packBatches(rollouts, advantages, { ...options, type: 'dr_grpo' });
    expect(new Set(dr.flatMap(({ weight }) => [...weight]))).toEqual(new Set([Math.fround(1 / (4 * 20))]));
    for (const [one, same] of [['gspo', 'grpo'] as const, ['cispo', 'dapo'] as const]) {
      const weights = (type: typeof one | typeof same) =>
        packBatches(rollouts, advantages, { ...options, type }).map(({ weight }) => weight);
      expect(weights(one)).toEqual(weights(same));
    }
  });

  it('leaves answers at the length limit out of the loss, but not of the number of answers', () => {
    const cut = rollouts.map((rollout, i) => (i === 2 ? { ...rollout, finish: 'length' as const } : rollout));
    const masked = { ...options, truncated: 'masked' } as const;
    const sequence = packBatches(cut, advantages, masked);
    expect(sequence.map(({ target }) => characterText.decode(target)).join('')).toBe('abcdek');
    expect(sum(sequence)).toBeCloseTo(0.75, 6);
    const token = packBatches(cut, advantages, { ...masked, type: 'dapo' });
    expect(sum(token)).toBeCloseTo(1, 6);
    const all = rollouts.map((rollout) => ({ ...rollout, finish: 'length' as const }));
    const standIn = packBatches(all, advantages, masked);
    expect(standIn.map(({ target, weight }) => [characterText.decode(target), ...weight])).toEqual([['k', 0]]);
  });

  it('packs answers for their logprobs and says which is where', () => {
    const packed = packForLogprobs(rollouts, 16);
    expect(packed.map(({ order }) => order)).toEqual([
      [2, 0],
      [1, 3],
    ]);
    expect(packed.map(({ batch }) => characterText.decode(batch.target))).toEqual(['fghijabc', 'dek']);
  });

  it('saves the pass of answers without advantage, but not their share', () => {
    const batches = packBatches(rollouts, advantages, { ...options, skipZeroAdvantage: true });
    expect(batches.map(({ target }) => characterText.decode(target)).join('')).toBe('fghijabcde');
    expect(sum(batches)).toBeCloseTo(0.75, 6);
    const still = packBatches(rollouts, new Float32Array(4), { ...options, skipZeroAdvantage: true });
    expect(still.map(({ target }) => characterText.decode(target))).toEqual(['k']);
  });

  it('gives a sequence over the limit a micro-batch of its own, and leaves empty answers out', () => {
    const long = testRollout(example, 0, 'x'.repeat(40));
    const batches = packBatches([long, testRollout(example, 0, ''), rollouts[0]!], advantages.subarray(0, 3), options);
    expect(batches.map(({ tokens }) => tokens.length)).toEqual([44, 7]);
    expect(batches[1]!.weight[0]).toBeCloseTo(1 / 6, 6);
  });

  it('shares answers among optimizer steps in order', () => {
    expect(optimizerShares(10, 4)).toEqual([
      [0, 2],
      [2, 5],
      [5, 7],
      [7, 10],
    ]);
  });
});

describe('the policy over a language model', () => {
  function fakeModel() {
    const trained: { batches: readonly MicroBatch[]; learningRate: number; klCoef: number }[] = [];
    const seeds: number[] = [];
    const model = {
      config: { endTokens: [33] },
      generate: async (requests: readonly { seed: number }[]) =>
        requests.map(({ seed }, i) => {
          seeds.push(seed);
          const tokens = [97 + i, 33];
          return { tokens, logprobs: Float32Array.of(-1, -2), entropies: Float32Array.of(1, 1), finish: 'stop' };
        }),
      batchLogprobs: async ({ target }: MicroBatch) => new Float32Array(target.length).fill(-0.25),
      train: async (batches: readonly MicroBatch[], options: { learningRate: number; loss: { klCoef: number } }) => {
        trained.push({ batches, learningRate: options.learningRate, klCoef: options.loss.klCoef });
        const report = { loss: 1, gradNorm: 2, clipped: 3, kl: 0.1, entropy: 1, finite: true };
        return { ...report, logprobDifference: trained.length * 1e-6 };
      },
    };
    return { model: model as unknown as PolicyModel, trained, seeds };
  }
  const settings = (loss: object = {}, optimizer: object = {}) => ({
    loss: lossSchema.parse(loss),
    optimizer: optimizerSchema.parse({ microBatchTokens: 16, ...optimizer }),
    sampling: samplingSchema.parse({ maxNewTokens: 20 }),
    steps: 4,
  });

  it('answers each prompt G times with seeds of their own', async () => {
    const { model, seeds } = fakeModel();
    const policy = new TransformerPolicy(model, characterText);
    const two = [testExample('a'), testExample('b')];
    const got = await policy.generate(two, 2, samplingSchema.parse({}), { seed: 5 });
    expect(got.map(({ group, example: { promptId }, completion }) => [group, promptId, completion])).toEqual([
      [0, 'a', 'a!'],
      [0, 'a', 'b!'],
      [1, 'b', 'c!'],
      [1, 'b', 'd!'],
    ]);
    expect(got[0]!.tokens.length - got[0]!.promptLength).toBe(2);
    expect(new Set(seeds).size).toBe(4);
  });

  it('makes several optimizer steps, warming up over all of them', async () => {
    const { model, trained } = fakeModel();
    const policy = new TransformerPolicy(model, characterText);
    const config = settings({}, { stepsPerRollout: 2, warmupSteps: 8, learningRate: 0.8 });
    const report = await policy.update(rollouts, advantages, config, { step: 1 });
    expect(trained.map(({ learningRate }) => learningRate)).toEqual([0.8 * (2 / 8), 0.8 * (3 / 8)]);
    expect(trained.map(({ batches }) => sum(batches).toFixed(6))).toEqual(['1.000000', '0.500000']);
    expect(report).toMatchObject({ loss: 1, gradNorm: 2, kl: null, tokens: 11, finite: true });
    expect(report.learningRate).toBeCloseTo(0.3, 12);
    expect(report.logprobDifference).toBeCloseTo(1e-6, 9);
    expect(report.clipRatio).toBeCloseTo(6 / 11, 6);
  });

  it('goes through the same answers several times, and its rate falls over all of these steps', async () => {
    const { model, trained } = fakeModel();
    const policy = new TransformerPolicy(model, characterText);
    const optimizer = { stepsPerRollout: 2, epochsPerRollout: 2, learningRate: 0.8, schedule: 'linear' };
    const report = await policy.update(rollouts, advantages, settings({}, optimizer), { step: 3 });
    // 16 optimizer steps in all, these are the last four.
    expect(trained.map(({ learningRate }) => Number(learningRate.toFixed(12)))).toEqual([0.2, 0.15, 0.1, 0.05]);
    expect(trained[2]!.batches).toBe(trained[0]!.batches);
    expect(trained[3]!.batches).toBe(trained[1]!.batches);
    expect(report.logprobDifference).toBeCloseTo(1e-6, 9); // of the first, not of answers that have moved
    expect(report.clipRatio).toBeCloseTo(12 / 22, 6);
  });

  it('counts clips of what carries loss: tokens without masked answers, answers for gspo', async () => {
    const cut = rollouts.map((rollout, i) => (i === 2 ? { ...rollout, finish: 'length' as const } : rollout));
    const share = async (loss: object) => {
      const policy = new TransformerPolicy(fakeModel().model, characterText);
      return (await policy.update(cut, advantages, settings(loss), { step: 0 })).clipRatio;
    };
    expect(await share({})).toBeCloseTo(3 / 11, 6);
    expect(await share({ truncated: 'masked' })).toBeCloseTo(3 / 6, 6);
    expect(await share({ type: 'gspo' })).toBeCloseTo(3 / 4, 6);
    expect(await share({ type: 'gspo', truncated: 'masked' })).toBeCloseTo(3 / 3, 6);
  });

  it('makes its step as TRL does where every answer is left out, on a gradient of 0', async () => {
    const { model, trained } = fakeModel();
    const policy = new TransformerPolicy(model, characterText);
    const cut = rollouts.map((rollout) => ({ ...rollout, finish: 'length' as const }));
    const report = await policy.update(cut, advantages, settings({ truncated: 'masked' }), { step: 0 });
    expect(trained.flatMap(({ batches }) => batches.map(({ weight }) => [...weight]))).toEqual([[0]]);
    expect(report).toMatchObject({ learningRate: expect.closeTo(trained[0]!.learningRate), finite: true });
  });

  it('gives each answer its reference logprobs, whatever the packing', async () => {
    const { model } = fakeModel();
    const looked = { ...model, batchLogprobs: async ({ target }: MicroBatch) => Float32Array.from(target) };
    const policy = new TransformerPolicy(looked as unknown as PolicyModel, characterText);
    const reference = await policy.referenceLogprobs(rollouts, settings(), {});
    expect(reference.map((tokens) => characterText.decode(Int32Array.from(tokens)))).toEqual([
      'abc',
      'de',
      'fghij',
      'k',
    ]);
  });

  it('has no KL in the loss when it is taken from the reward', async () => {
    const { model, trained } = fakeModel();
    const policy = new TransformerPolicy(model, characterText);
    const report = await policy.update(rollouts, advantages, settings({ klCoef: 0.1, klIn: 'reward' }), { step: 0 });
    expect(trained[0]!.klCoef).toBe(0);
    expect(report.kl).toBeNull();
  });

  it('fills reference logprobs when there is a KL term, and then trains on every answer', async () => {
    const { model, trained } = fakeModel();
    const policy = new TransformerPolicy(model, characterText);
    const progress: number[] = [];
    const onProgress = (done: number, total: number) => progress.push(done / total);
    const report = await policy.update(rollouts, advantages, settings({ klCoef: 0.1 }), { step: 0 }, { onProgress });
    const rows = trained[0]!.batches.flatMap(({ referenceLogprob }) => [...referenceLogprob]);
    expect(rows).toHaveLength(11);
    expect(new Set(rows)).toEqual(new Set([-0.25]));
    expect(report.kl).toBeCloseTo(0.1);
    expect(progress).toEqual([0.25, 0.5]);
  });
});
