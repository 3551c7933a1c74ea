import type { Engine } from '../engine';
import { type LoadHooks, type ModelUnderTest, openModelUnderTest } from '../evaluation/modelUnderTest';

/**
 * The log-probability of each token after the first, (T − 1). Loads the model onto the device; the engine frees the one
 * before.
 */
export async function tokenLogprobs(
  engine: Engine,
  subject: ModelUnderTest,
  tokens: Int32Array,
  hooks: LoadHooks = {},
): Promise<Float32Array> {
  const sizes = {
    promptsPerStep: 1,
    groupSize: 1,
    maxPromptTokens: Math.max(16, tokens.length),
    sampling: { maxNewTokens: 1 },
    grader: { mode: 'verdict' as const },
  };
  const model = await openModelUnderTest(engine, subject, sizes, [], hooks);
  const [logprobs] = await model.logprobs([tokens], { temperature: 1, adapter: subject.trained !== null });
  return logprobs!;
}
