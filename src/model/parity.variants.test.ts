import { afterAll, describe, expect, it } from 'vitest';
import { PROJECTIONS } from '../domain/model';
import { samplingSchema } from '../domain/recipe/sampling';
import type { AdapterFacts } from '../gpu/device';
import { testGpu } from '../gpu/test/testGpu';
import { register, split, subgroup, workgroup } from '../kernels/gemm/gemmVariants';
import { only } from '../kernels/test/gemmTable';
import { relativeError, unpack } from '../reference/recorded';
import type { KernelVariants } from './ops';
import { crossEntropy, formulaTensor, recordedModel, supervisedBatches } from './test/parityFixture';
import { gradients, openRecorded, releaseOpened } from './test/parityModel';

interface Forced {
  readonly variants: KernelVariants;
  /** What the adapter says of itself in place of the truth: row kernels choose by it how lanes reduce. */
  readonly facts: Partial<AdapterFacts>;
}

// parity.test.ts has the kernels that suit this adapter. Here each of the others serves a whole model, at the same
// tolerances. The products have the tiles of gemmVariants.test.ts, so that they are compiled once where shaders are
// cached.
const grads = only(register(16, 4, 3, 1));
const forced: Record<string, Forced> = {
  'register products, plain attention, no subgroups': {
    variants: { gemm: grads, attention: 'plain', paged: 'workgroup' },
    facts: { subgroups: false, subgroupSize: 0 },
  },
  'subgroup products and attention': {
    variants: { gemm: only(subgroup(8, 8, 2)), attention: 'subgroup', paged: 'subgroup' },
    facts: {},
  },
  'workgroup products and attention, as many lanes as on a graphics card': {
    variants: { gemm: only(workgroup(4, 1, 8)), attention: 'workgroup', paged: 'workgroup' },
    facts: { software: false },
  },
  'decoding in few dispatches': { variants: { gemm: grads, decode: 'fused' }, facts: {} },
  'split products': { variants: { gemm: [...only(split(32, 4, 3)), ...grads] }, facts: {} },
};

afterAll(releaseOpened);

// The first test of each compiles its kernels, which takes a busy processor minutes where no shader is cached.
describe.each(Object.entries(forced))(
  '%s against transformers and PyTorch',
  { timeout: 300_000 },
  (_, { variants, facts }) => {
    describe.each(['llama', 'qwen3'] as const)('%s', (name) => {
      const recorded = recordedModel(name);
      const { temperature } = recorded;
      const sequence = Int32Array.from(recorded.sequences[recorded.logits.sequence]!);
      const V = recorded.config.vocabulary;

      it('logits, packed and through the cache, and every gradient', async () => {
        const gpu = await testGpu(facts);
        const model = await openRecorded(gpu, recorded, { kind: 'full' }, variants);
        const want = unpack(recorded.logits.data);
        expect(worst(await model.logits(sequence, true), want)).toBeLessThan(2e-4);

        const found = await crossEntropy(model, supervisedBatches(recorded, 4), temperature);
        expect(Math.abs(found - recorded.loss)).toBeLessThan(1e-5);

        // Prefill of prefixes: before, at and after a block of the cache.
        const ends = [1, 15, 16, 17, sequence.length];
        const candidates = Array.from({ length: V }, (_, v) => v);
        const scores = await model.score(
          ends.map((end) => sequence.subarray(0, end)),
          candidates,
          { adapter: true },
        );
        ends.forEach((end, i) => {
          expect(worst(scores[i]!, logSoftmax(want.subarray((end - 1) * V, end * V))), `prefix of ${end}`).toBeLessThan(
            2e-4,
          );
        });

        // Decoding: its logprobs are those that training recomputes.
        const prompt = sequence.subarray(0, 14);
        const sampling = samplingSchema.parse({ temperature: 1, maxNewTokens: 20 });
        const [answer] = await model.generate([{ tokens: prompt, seed: 3 }], {
          sampling,
          endTokens: [],
          adapter: true,
        });
        expect(answer!.tokens.length).toBe(20);
        const whole = Int32Array.of(...prompt, ...answer!.tokens);
        const [recomputed] = await model.logprobs([whole], { temperature: 1, adapter: true });
        expect(worst(answer!.logprobs, recomputed!.subarray(prompt.length - 1))).toBeLessThan(2e-4);

        const gradient = await gradients(gpu, model, recorded, 4);
        for (const { name: tensor, shape, data } of recorded.gradients) {
          expect(relativeError(gradient(tensor, shape), unpack(data)), tensor).toBeLessThan(1e-4);
        }
      });

      it('every gradient of an adapter', async () => {
        const gpu = await testGpu(facts);
        const { rank, alpha } = recorded.lora;
        const model = await openRecorded(
          gpu,
          recorded,
          { kind: 'lora', rank, alpha, targets: [...PROJECTIONS] },
          variants,
        );
        await model.loadTrainable({ adapter: recorded.lora.tensors.map(formulaTensor) });
        const gradient = await gradients(gpu, model, recorded, 2);
        for (const { name: tensor, shape, data } of recorded.lora.gradients) {
          expect(relativeError(gradient(tensor, shape), unpack(data)), tensor).toBeLessThan(1e-4);
        }
      });
    });
  },
);

const worst = (got: Float32Array, want: Float32Array): number => {
  expect(got.length).toBe(want.length);
  return got.reduce((most, value, i) => Math.max(most, Math.abs(value - want[i]!)), 0);
};

const logSoftmax = (logits: Float32Array): Float32Array => {
  const total = logits.reduce((sum, value) => sum + Math.exp(value), 0);
  return logits.map((value) => value - Math.log(total));
};
