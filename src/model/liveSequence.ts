import type { FinishReason } from '../domain/rollout';
import type { GenerateRequest, Generation } from './generation';
import type { Sequence } from './kvCache';

/**
 * A request under way: what has been sampled so far, and its place in the cache and the block table while it is being
 * decoded.
 */
export class LiveSequence {
  /** Prompt and sampled tokens. */
  readonly tokens: number[];
  private readonly promptLength: number;
  private readonly logprobs: number[] = [];
  private readonly entropies: number[] = [];
  /** Position of the last token that it may get. */
  readonly limit: number;
  readonly seed: number;
  finish: FinishReason | undefined;
  /** Set while it holds blocks. */
  place: { readonly slot: number; readonly blocks: Sequence } | undefined;

  constructor(
    readonly index: number,
    request: GenerateRequest,
    maxNewTokens: number,
  ) {
    this.tokens = Array.from(request.tokens);
    this.promptLength = request.tokens.length;
    this.seed = request.seed;
    this.limit = this.promptLength + maxNewTokens - 1;
  }

  /** Steps that are left at most. */
  get remaining(): number {
    return this.limit + 1 - this.tokens.length;
  }

  /** Positions whose keys and values are needed for `steps` more steps: the last token that it may get needs none. */
  positionsFor(steps: number): number {
    return Math.min(this.limit, this.tokens.length - 1 + steps);
  }

  /** Takes a sampled token in. Returns false once the sequence has ended. */
  accept(token: number, logprob: number, entropy: number, stops: boolean): boolean {
    this.tokens.push(token);
    this.logprobs.push(logprob);
    this.entropies.push(entropy);
    if (stops) this.finish = 'stop';
    else if (this.remaining === 0) this.finish = 'length';
    return this.finish === undefined;
  }

  result(): Generation {
    return {
      tokens: Int32Array.from(this.tokens.slice(this.promptLength)),
      logprobs: Float32Array.from(this.logprobs),
      entropies: Float32Array.from(this.entropies),
      finish: this.finish ?? 'aborted',
    };
  }
}
