import type { Example } from '../domain/example';
import type { Recipe } from '../domain/recipe/recipe';
import type { Sampling } from '../domain/recipe/sampling';
import type { Rollout } from '../domain/rollout';
import type { WorkContext } from '../domain/workContext';
import type { GenerateContext } from '../model/generation';

/** Statistics of one update (all its optimizer steps). Names follow TRL. */
export interface UpdateReport {
  readonly loss: number;
  readonly gradNorm: number;
  readonly learningRate: number;
  /** Mean KL estimate against the reference, of the recipe's kind; null when the loss has no KL term. */
  readonly kl: number | null;
  /**
   * Share of the tokens that carry loss whose ratio was clipped; of answers for gspo. Answers that the recipe masks do
   * not count.
   */
  readonly clipRatio: number;
  readonly entropy: number;
  /** Mean |logprob at rollout − logprob at the first optimizer step|, in nats: should be ≤ 1e-4. */
  readonly logprobDifference: number;
  /** Completion tokens trained on. */
  readonly tokens: number;
  /** False when a gradient or the loss was NaN or infinite; that optimizer step changed nothing. */
  readonly finite: boolean;
}

/** The part of a recipe that an update uses. `steps` places the end of a falling learning rate. */
export type UpdateConfig = Pick<Recipe, 'loss' | 'optimizer' | 'sampling' | 'steps'>;

/**
 * The model in training, as the loop uses it. rl/transformerPolicy.ts implements it; tests use a fake. All reject with
 * an AbortError on abort.
 */
export interface Policy {
  /**
   * (P·G), groups adjacent. `seed` fixes every random draw. The context reports tokens by answer: group · G + index.
   */
  generate(
    prompts: readonly Example[],
    groupSize: number,
    sampling: Sampling,
    options: { readonly seed: number },
    context?: GenerateContext,
  ): Promise<Rollout[]>;
  /**
   * (P·G) logprobs of the completions' tokens under the weights that the run started from, of logits / temperature, as
   * `Rollout.logprobs`.
   */
  referenceLogprobs(
    rollouts: readonly Rollout[],
    config: Pick<UpdateConfig, 'optimizer' | 'sampling'>,
    context?: WorkContext,
  ): Promise<Float32Array[]>;
  /**
   * `step` is the number of steps done before: it places the learning rate. An update that has begun is not aborted, so
   * weights are never half-updated.
   */
  update(
    rollouts: readonly Rollout[],
    advantages: Float32Array,
    config: UpdateConfig,
    options: { readonly step: number },
    context?: WorkContext,
  ): Promise<UpdateReport>;
}
