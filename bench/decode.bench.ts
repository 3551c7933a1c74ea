import { samplingSchema } from '../src/domain/recipe/sampling';
import type { Gpu } from '../src/gpu/gpu';
import type { LanguageModel } from '../src/model/languageModel';
import { fastest, openAt, smolLM2, TINY } from './models';

/** Room for 32 sequences of 64 new tokens. */
const ROOM = {
  promptsPerStep: 16,
  groupSize: 2,
  maxPromptTokens: 16,
  sampling: { maxNewTokens: 64 },
  grader: { mode: 'verdict' },
  optimizer: { microBatchTokens: 16 },
} as const;

/**
 * Milliseconds for `length` new tokens of each of B sequences. A prompt of one token is itself the first decoding row:
 * no prefill.
 */
const decoding = (
  model: LanguageModel,
  B: number,
  length: number,
  { adapter, tries }: { adapter: boolean; tries: number },
) => {
  const requests = Array.from({ length: B }, (_, b) => ({ tokens: Int32Array.of(b + 1), seed: b }));
  const sampling = samplingSchema.parse({ maxNewTokens: length });
  return fastest(tries, () => model.generate(requests, { sampling, endTokens: [], adapter }));
};

/** Tokens per second by number of sequences that decode together. */
export async function decode(gpu: Gpu, print: (line: string) => void): Promise<void> {
  const row = (name: string, B: number, length: number, ms: number, alone: number) => {
    const speed = ((1000 * B * length) / ms).toFixed(1).padStart(8);
    const step = (ms / length).toFixed(1).padStart(7);
    print(
      `${name.padEnd(28)} B = ${String(B).padStart(2)} ${speed} tokens/s ${step} ms a step  × ${((B * alone) / ms).toFixed(1)}`,
    );
  };

  const tiny = await openAt(gpu, TINY, { ...ROOM, trainable: { kind: 'full' } });
  let alone = 0;
  for (const B of [1, 8, 32]) {
    const ms = await decoding(tiny.model, B, 64, { adapter: true, tries: 5 });
    if (B === 1) alone = ms;
    row('built-in, f32', B, 64, ms, alone);
  }
  tiny.release();

  const path = smolLM2();
  if (!path) return print('SmolLM2 is not here: node tools/fetchSmolLM2.mjs');
  const large = await openAt(gpu, path, { ...ROOM, sampling: { maxNewTokens: 16 } });
  for (const adapter of [false, true]) {
    for (const B of [1, 8]) {
      const ms = await decoding(large.model, B, 16, { adapter, tries: 2 });
      if (B === 1) alone = ms;
      row(`SmolLM2-135M, adapter ${adapter ? 'on' : 'off'}`, B, 16, ms, alone);
    }
  }
  large.release();
}
