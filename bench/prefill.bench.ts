import { samplingSchema } from '../src/domain/recipe/sampling';
import type { Gpu } from '../src/gpu/gpu';
import { fastest, openAt, TINY } from './models';

const PROMPT = 60;
const ANSWER = 70;
const INSTRUCTIONS = 40;
const CRITERION = 16;

/**
 * `count` token sequences with a first part in common. Without sharing, their first tokens differ, and nothing else.
 */
function sequences(count: number, common: number, own: number, shared: boolean): Int32Array[] {
  return Array.from({ length: count }, (_, i) =>
    Int32Array.from({ length: common + own }, (_, n) => {
      if (n === 0) return shared ? 1 : 1 + i;
      return n < common ? 10 + n : 300 + 20 * i + n - common;
    }),
  );
}

/** What forking from shared prefixes saves: tokens computed and time, for the two shapes that a training step has. */
export async function prefill(gpu: Gpu, print: (line: string) => void): Promise<void> {
  const { model, release } = await openAt(gpu, TINY, {
    promptsPerStep: 5,
    groupSize: 2,
    maxPromptTokens: 64,
    sampling: { maxNewTokens: 160 },
    grader: { mode: 'verdict' },
    trainable: { kind: 'full' },
  });
  const { generator } = model;
  const measure = async (call: () => Promise<unknown>) => {
    const alone = async () => {
      generator.invalidate(); // or each try would find what the one before computed
      await call();
    };
    const ms = await fastest(4, alone);
    const before = generator.counters.prefillTokens;
    await alone();
    return { ms, tokens: generator.counters.prefillTokens - before };
  };
  const compare = async (name: string, call: (shared: boolean) => Promise<unknown>) => {
    const without = await measure(() => call(false));
    const forked = await measure(() => call(true));
    const times = (a: number, b: number) => `× ${(a / b).toFixed(1)}`;
    print(
      `${name}: ${without.tokens} tokens in ${without.ms.toFixed(0)} ms alone, ${forked.tokens} in ${forked.ms.toFixed(0)} ms forked ` +
        `(tokens ${times(without.tokens, forked.tokens)}, time ${times(without.ms, forked.ms)})`,
    );
  };

  const sampling = samplingSchema.parse({ maxNewTokens: 1 });
  await compare(`8 answers of one prompt (${PROMPT} tokens, 1 new)`, (shared) => {
    const requests = sequences(8, PROMPT, 0, shared).map((tokens, seed) => ({ tokens, seed }));
    return model.generate(requests, { sampling, endTokens: [], adapter: true });
  });
  const before = INSTRUCTIONS + PROMPT + ANSWER;
  await compare(`10 criteria of one answer (${before} tokens, ${CRITERION} a criterion)`, (shared) =>
    model.score(sequences(10, before, CRITERION, shared), [2, 3], { adapter: true }),
  );
  release();
}
