import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { samplingSchema } from '../domain/recipe/sampling';
import { openCheckpoint } from '../formats/openCheckpoint';
import { bytesSource } from '../formats/source';
import { testGpu } from '../gpu/test/testGpu';
import { readFixture, unpack } from '../reference/recorded';
import { LanguageModel } from './languageModel';
import { loadWeights } from './weights';

interface Recorded {
  readonly file: string;
  readonly sha256: string;
  readonly logprobs: readonly { readonly text: string; readonly ids: readonly number[]; readonly logprobs: string }[];
  readonly greedy: readonly {
    readonly text: string;
    readonly ids: readonly number[];
    readonly greedy: readonly number[];
  }[];
}

const recorded = readFixture<Recorded>(import.meta.url, 'test/fixtures/smollm2.json');
const path = new URL(`../../.cache/models/${recorded.file}`, import.meta.url);

// The weights (90 MB) are not part of the project: `node tools/fetchSmolLM2.mjs` gets them. Without them this one file
// is left out.
describe.skipIf(!existsSync(path))(
  'SmolLM2-135M-Instruct, Q4_1, against transformers on the same weights',
  { timeout: 300_000 },
  () => {
    let model: LanguageModel;
    beforeAll(async () => {
      const bytes = readFileSync(path);
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      if (sha256 !== recorded.sha256)
        throw new Error(`${recorded.file}: another file (SHA-256 ${sha256}), fetch it again`);
      const gpu = await testGpu();
      const weights = await loadWeights(gpu, await openCheckpoint([bytesSource(recorded.file, bytes)]));
      const sizes = { sequence: 256, prefillRows: 128, slots: 4, cacheBlocks: 72, batchRows: 128, headRows: 128 };
      const trainable = { kind: 'lora' as const, rank: 4, alpha: 8, targets: ['q_proj' as const] };
      model = await LanguageModel.open(gpu, weights, { trainable, sizes, seed: 1 });
    });

    it('logprobs of every token', async () => {
      const sequences = recorded.logprobs.map(({ ids }) => Int32Array.from(ids));
      const got = await model.logprobs(sequences, { temperature: 1, adapter: true });
      recorded.logprobs.forEach(({ text, logprobs }, i) => {
        const want = unpack(logprobs);
        expect(got[i]!.length).toBe(want.length);
        const worst = got[i]!.reduce((most, value, t) => Math.max(most, Math.abs(value - want[t]!)), 0);
        expect(worst, text).toBeLessThan(2e-3);
      });
    });

    it('greedy continuations of 32 tokens, all of a batch together', async () => {
      const requests = recorded.greedy.map(({ ids }) => ({ tokens: Int32Array.from(ids), seed: 1 }));
      const sampling = samplingSchema.parse({ temperature: 0, maxNewTokens: 32 });
      const generations = await model.generate(requests, { sampling, endTokens: [], adapter: true });
      recorded.greedy.forEach(({ text, greedy }, i) => {
        expect([...generations[i]!.tokens].slice(-greedy.length), text).toEqual(greedy);
      });
    });
  },
);
