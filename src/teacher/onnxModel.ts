import type { Generation } from '../model/generation';
import { uniform } from '../random';
import type { GraderModel } from '../rl/grader';
import type { Cache, OnnxSession } from './onnxSession';
import { sampleToken } from './sampleToken';

/** A prefix shorter than this is not worth a pass of its own. */
const WORTH_KEEPING = 16;

/** Milliseconds between looks at what else there is to do. */
const REST_EVERY = 20;

type GenerateArgs = Parameters<GraderModel['generate']>;
type ScoreArgs = Parameters<GraderModel['score']>;

/**
 * A language model in ONNX Runtime, asked as the lab's own are: questions one after the other. What a prompt has in common with the next one (the
 * instructions, the conversation and the answer) is computed once.
 */
export class OnnxModel implements GraderModel {
  readonly config: GraderModel['config'];
  private prefix: { tokens: Int32Array; cache: Cache } | null = null;
  /** Tokens read and written so far. */
  tokens = 0;
  private lastRest = 0;

  constructor(
    private readonly session: OnnxSession,
    { endTokens }: { endTokens: readonly number[] },
    readonly contextLength: number,
  ) {
    this.config = { endTokens: [...endTokens] };
  }

  async generate(requests: GenerateArgs[0], options: GenerateArgs[1]): Promise<Generation[]> {
    const results: Generation[] = [];
    const stops = new Set(options.endTokens);
    const ends = (token: number) =>
      stops.has(token) || (((options.stopTokens?.[token >>> 5] ?? 0) >>> (token & 31)) & 1) === 1;
    for (const [i, { tokens: prompt, seed }] of requests.entries()) {
      const tokens = [...prompt];
      const logprobs: number[] = [];
      const entropies: number[] = [];
      let finish: Generation['finish'] = options.signal?.aborted ? 'aborted' : 'length';
      if (finish !== 'aborted') {
        let at = await this.prompt(prompt, requests[i + 1]?.tokens);
        while (logprobs.length < options.sampling.maxNewTokens) {
          const draw = sampleToken(at.logits, new Set(tokens), options.sampling, uniform(seed, tokens.length));
          tokens.push(draw.token);
          logprobs.push(draw.logprob);
          entropies.push(draw.entropy);
          if (ends(draw.token)) finish = 'stop';
          else if (options.signal?.aborted) finish = 'aborted';
          if (finish !== 'length' || logprobs.length === options.sampling.maxNewTokens) break;
          const next = await this.run(Int32Array.of(draw.token), at.cache);
          this.session.free(at.cache);
          at = next;
        }
        this.session.free(at.cache);
      }
      results.push({
        tokens: Int32Array.from(tokens.slice(prompt.length)),
        logprobs: Float32Array.from(logprobs),
        entropies: Float32Array.from(entropies),
        finish,
      });
      options.onProgress?.(i + 1, requests.length);
    }
    return results;
  }

  async score(requests: ScoreArgs[0], candidates: ScoreArgs[1], options: ScoreArgs[2]): Promise<Float32Array[]> {
    const results: Float32Array[] = [];
    for (const [i, tokens] of requests.entries()) {
      if (options.signal?.aborted) {
        results.push(new Float32Array(candidates.length).fill(Number.NaN));
        continue;
      }
      const { logits, cache } = await this.prompt(tokens, requests[i + 1]);
      this.session.free(cache);
      const top = logits.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
      const lse = top + Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit - top), 0));
      results.push(Float32Array.from(candidates, (token) => logits[token]! - lse));
      options.onProgress?.(i + 1, requests.length);
    }
    return results;
  }

  async release(): Promise<void> {
    this.forget();
    await this.session.release();
  }

  /** The whole prompt; what it shares with `next` is kept. The cache is the caller's to free. */
  private async prompt(
    tokens: Int32Array,
    next: Int32Array | undefined,
  ): Promise<{ logits: Float32Array; cache: Cache }> {
    if (this.prefix && !startsWith(tokens, this.prefix.tokens)) this.forget();
    const shared = next ? Math.min(common(tokens, next), tokens.length - 1, next.length - 1) : 0;
    if (shared - (this.prefix?.tokens.length ?? 0) >= WORTH_KEEPING) {
      const known = this.prefix;
      const { cache } = await this.run(tokens.subarray(known?.tokens.length ?? 0, shared), known?.cache ?? null);
      this.forget();
      this.prefix = { tokens: tokens.slice(0, shared), cache };
    }
    return this.run(tokens.subarray(this.prefix?.tokens.length ?? 0), this.prefix?.cache ?? null);
  }

  private async run(tokens: Int32Array, cache: Cache | null): Promise<{ logits: Float32Array; cache: Cache }> {
    // On the processor a pass ends without giving way: an abort would never be heard.
    if (performance.now() - this.lastRest > REST_EVERY) {
      await new Promise((resolve) => setTimeout(resolve, 0));
      this.lastRest = performance.now();
    }
    this.tokens += tokens.length;
    return this.session.run(tokens, cache);
  }

  private forget(): void {
    if (this.prefix) this.session.free(this.prefix.cache);
    this.prefix = null;
  }
}

/** Tokens that two sequences have in common from their start. */
function common(a: Int32Array, b: Int32Array): number {
  let length = 0;
  while (length < a.length && length < b.length && a[length] === b[length]) length++;
  return length;
}

/** And something follows. */
const startsWith = (tokens: Int32Array, prefix: Int32Array): boolean =>
  tokens.length > prefix.length && common(tokens, prefix) === prefix.length;
