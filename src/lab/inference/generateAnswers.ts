import type { Example } from '../../domain/example';
import type { Sampling } from '../../domain/recipe/sampling';
import type { Rollout } from '../../domain/rollout';
import { type PhasedContext, phaseOf } from '../../domain/workContext';
import { promptTokens, TransformerPolicy } from '../../rl/transformerPolicy';
import type { Engine } from '../engine';
import { type LoadHooks, type ModelUnderTest, openModelUnderTest } from '../evaluation/modelUnderTest';

/** Sequences generated at once, at most. */
const SLOTS = 64;

export interface GenerateSettings {
  /** Answers per prompt. */
  readonly answers: number;
  readonly sampling: Sampling;
  readonly seed: number;
}

/** Tokens of the longest prompt, as the model's chat template spells it. */
export const longestPrompt = ({ opened }: Pick<ModelUnderTest, 'opened'>, examples: readonly Example[]): number =>
  examples.reduce((most, { prompt }) => Math.max(most, promptTokens(opened.text, prompt).length), 0);

/**
 * Answers every prompt. (P·K), the answers of a prompt adjacent. Loads the model onto the device; the engine frees the
 * one before.
 */
export async function generateAnswers(
  engine: Engine,
  subject: ModelUnderTest,
  examples: readonly Example[],
  { answers, sampling, seed }: GenerateSettings,
  hooks: LoadHooks & PhasedContext<'rollout'> = {},
): Promise<Rollout[]> {
  const sizes = {
    promptsPerStep: Math.min(SLOTS, examples.length),
    groupSize: answers,
    maxPromptTokens: Math.max(16, longestPrompt(subject, examples)),
    sampling,
    grader: { mode: 'verdict' as const },
  };
  const model = await openModelUnderTest(engine, subject, sizes, [], hooks);
  const policy = new TransformerPolicy(model, subject.opened.text);
  return policy.generate(examples, answers, sampling, { seed }, phaseOf(hooks, 'rollout'));
}
