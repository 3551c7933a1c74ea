import { afterAll, describe, expect, it } from 'vitest';
import { PROJECTIONS } from '../domain/model';
import { samplingSchema } from '../domain/recipe/sampling';
import type { Gpu } from '../gpu/gpu';
import { testGpu } from '../gpu/test/testGpu';
import type { LanguageModel } from './languageModel';
import { formulaTensor, recordedModel } from './test/parityFixture';
import { openRecorded, releaseOpened } from './test/parityModel';

afterAll(releaseOpened);

/** Dispatches of a layer, and of a step beside its layers (embedding, head, draw), at most. */
const [PER_LAYER, REST] = [6, 16];

describe.each(['llama', 'qwen3'] as const)('%s decodes in few dispatches', (name) => {
  const recorded = recordedModel(name);
  const { rank, alpha } = recorded.lora;
  const open = async (gpu: Gpu, decode: 'fused' | 'plain') => {
    const trainable = { kind: 'lora' as const, rank, alpha, targets: [...PROJECTIONS] };
    const model = await openRecorded(gpu, recorded, trainable, { decode });
    await model.loadTrainable({ adapter: recorded.lora.tensors.map(formulaTensor) });
    return model;
  };
  const requests = [3, 17, 14].map((length, i) => ({
    tokens: Int32Array.from(recorded.sequences[recorded.logits.sequence]!).subarray(0, length),
    seed: 7 + i,
  }));
  const answer = (model: LanguageModel, adapter: boolean, maxNewTokens: number) =>
    model.generate(requests, {
      sampling: samplingSchema.parse({ temperature: 1, maxNewTokens }),
      endTokens: [],
      adapter,
    });

  it.each([true, false])('with the logprobs of the update, adapter %s', async (adapter) => {
    const gpu = await testGpu();
    const model = await open(gpu, 'fused');
    const answers = await answer(model, adapter, 40);
    const whole = answers.map(({ tokens }, i) => Int32Array.of(...requests[i]!.tokens, ...tokens));
    const recomputed = await model.logprobs(whole, { temperature: 1, adapter });
    answers.forEach(({ logprobs }, i) => {
      const want = recomputed[i]!.subarray(requests[i]!.tokens.length - 1);
      const worst = logprobs.reduce((most, value, j) => Math.max(most, Math.abs(value - want[j]!)), 0);
      expect(logprobs).toHaveLength(40);
      expect(worst).toBeLessThan(1e-4);
    });
  });

  it('at most six a layer, where the plain steps take more', async () => {
    const gpu = await testGpu();
    const perStep = async (decode: 'fused' | 'plain') => {
      const model = await open(gpu, decode);
      const dispatches = async (tokens: number) => {
        const before = gpu.counters.dispatches;
        await answer(model, true, tokens);
        return gpu.counters.dispatches - before;
      };
      return ((await dispatches(48)) - (await dispatches(16))) / 32;
    };
    const most = PER_LAYER * recorded.config.layers + REST;
    expect(await perStep('fused')).toBeLessThanOrEqual(most);
    expect(await perStep('plain')).toBeGreaterThan(most);
  });
});
