/**
 * Sequences packed without padding for one forward and backward pass, and the rows that carry loss. The gradients of
 * the micro-batches of an optimizer step add up, and so do their weights: over the whole step they sum to 1.
 * rl/batch.ts makes them from rollouts; supervised training uses advantage 1 and NaN old logprobs.
 */
export interface MicroBatch {
  /** (N) sequences one after the other. */
  readonly tokens: Int32Array;
  /** (B + 1) first row of each sequence, and N. */
  readonly starts: Int32Array;
  /** (M) row n predicts token n + 1, which is in the same sequence. Ascending and distinct. */
  readonly lossRow: Int32Array;
  /** (M) the token to predict, tokens[lossRow + 1]. */
  readonly target: Int32Array;
  /** (M) share of the row in the step's loss. */
  readonly weight: Float32Array;
  /** (M) */
  readonly advantage: Float32Array;
  /** (M) logprob when the token was sampled; NaN takes the current one (exactly on-policy). */
  readonly oldLogprob: Float32Array;
  /** (M) logprob under the reference; anything finite when there is no KL term. */
  readonly referenceLogprob: Float32Array;
}
