import type { Sampling } from '../domain/recipe/sampling';
import type { FinishReason } from '../domain/rollout';
import type { WorkContext } from '../domain/workContext';

export interface GenerateRequest {
  /** Prompt, at least one token. */
  readonly tokens: Int32Array;
  /** Fixes every draw of this completion. */
  readonly seed: number;
}

export interface GenerateOptions {
  readonly sampling: Sampling;
  readonly endTokens: readonly number[];
  /** Bitset over the vocabulary: tokens that also end a completion. */
  readonly stopTokens?: Uint32Array;
  /** False asks the weights that the run started from. */
  readonly adapter: boolean;
}

/** Progress counts finished requests. An abort ends the call early: it resolves with the tokens so far. */
export interface GenerateContext extends WorkContext {
  /** New tokens of a request, at each read-back. */
  readonly onTokens?: ((index: number, tokens: readonly number[]) => void) | undefined;
}

export type ScoreOptions = Pick<GenerateOptions, 'adapter'>;

/** Progress counts finished requests. An abort ends the call early: it resolves, with NaN for the rest. */
export interface ScoreContext extends WorkContext {
  /** The logprobs of a request, as soon as they are known. */
  readonly onScores?: ((index: number, logprobs: Float32Array) => void) | undefined;
}

export interface Generation {
  /** New tokens, the one that ended the completion included. */
  readonly tokens: Int32Array;
  /** Of logits / temperature (of the logits when greedy), each under the whole vocabulary. */
  readonly logprobs: Float32Array;
  /** Of the same distributions, in nats. */
  readonly entropies: Float32Array;
  readonly finish: FinishReason;
}

/** What generation has done so far, in tokens and steps. */
export interface GenerationCounters {
  /** Rows computed by prefill. */
  prefillTokens: number;
  /** Prompt tokens found in the cache instead. */
  sharedTokens: number;
  /** Steps of all live sequences together. */
  decodeSteps: number;
  /** Tokens sampled and used. */
  decodedTokens: number;
}
