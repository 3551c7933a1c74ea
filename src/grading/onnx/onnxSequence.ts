import type { Sampling } from '../../domain/recipe/sampling';
import type { GenerateRequest, Generation } from '../../model/generation';
import { uniform } from '../../random';
import { sampleToken } from './sampleToken';

/** One answer while it is written. */
export class OnnxSequence {
  private readonly tokens: number[];
  private readonly logprobs: number[] = [];
  private readonly entropies: number[] = [];
  /** Null while it goes on. */
  finish: Generation['finish'] | null = null;

  constructor(
    private readonly request: GenerateRequest,
    private readonly sampling: Sampling,
    private readonly ends: (token: number) => boolean,
  ) {
    this.tokens = [...request.tokens];
  }

  /** The token that the model reads next. */
  get last(): number {
    return this.tokens.at(-1)!;
  }

  /** Draws the next token. */
  take(logits: Float32Array): void {
    const { seed } = this.request;
    const draw = sampleToken(logits, new Set(this.tokens), this.sampling, uniform(seed, this.tokens.length));
    this.tokens.push(draw.token);
    this.logprobs.push(draw.logprob);
    this.entropies.push(draw.entropy);
    if (this.ends(draw.token)) this.finish = 'stop';
    else if (this.logprobs.length === this.sampling.maxNewTokens) this.finish = 'length';
  }

  generation(): Generation {
    return {
      tokens: Int32Array.from(this.tokens.slice(this.request.tokens.length)),
      logprobs: Float32Array.from(this.logprobs),
      entropies: Float32Array.from(this.entropies),
      finish: this.finish ?? 'aborted',
    };
  }
}
