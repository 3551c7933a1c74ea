import type { Example } from './example';

/** An end or stop token, the length limit, or a stop asked for by the person. */
export type FinishReason = 'stop' | 'length' | 'aborted';

/** One sampled answer. */
export interface Rollout {
  readonly example: Example;
  /** Index of the prompt within the step. */
  readonly group: number;
  /** (T) prompt then completion, the end token included when there is one. */
  readonly tokens: Int32Array;
  readonly promptLength: number;
  /** (T − promptLength) logprobs of the sampled tokens under the policy that sampled them, of logits / temperature. */
  readonly logprobs: Float32Array;
  /** (T − promptLength) entropy of each of these distributions, in nats. */
  readonly entropies: Float32Array;
  /** Decoded completion without control tokens. */
  readonly completion: string;
  readonly finish: FinishReason;
}
