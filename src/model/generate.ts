import type { Gpu } from '../gpu/gpu';
import { bitsetWords } from '../kernels/sample';
import { bitset, DecodeBatch, hasBit, type RowDecoder } from './decodeBatch';
import type {
  GenerateContext,
  GenerateOptions,
  GenerateRequest,
  Generation,
  GenerationCounters,
  ScoreContext,
  ScoreOptions,
} from './generation';
import type { KvCache, Sequence } from './kvCache';
import { LiveSequence } from './liveSequence';
import { packSpans, type Span } from './prefill';

export type { GenerateContext, GenerateOptions, GenerateRequest, Generation, ScoreContext, ScoreOptions };

/** Decoding steps recorded per read-back. */
const STEPS = 16;

/** One call of `generate`: sequences that wait, and sequences that decode. */
interface Queue {
  readonly waiting: LiveSequence[];
  /** Oldest first. */
  readonly live: LiveSequence[];
  readonly freeSlots: number[];
}

/**
 * Continuous batching over the paged cache: all live sequences step together, 16 steps to a read-back; between
 * read-backs finished ones leave, and waiting ones are prefilled and join. When the cache is full the youngest gives
 * way and is resumed later. A completion depends on weights, request and sampling, not on what else is in the batch.
 */
export class Generator {
  readonly counters: GenerationCounters = { prefillTokens: 0, sharedTokens: 0, decodeSteps: 0, decodedTokens: 0 };
  private busy = false;

  private constructor(
    private readonly gpu: Gpu,
    private readonly decoder: RowDecoder,
    private readonly cache: KvCache,
    private readonly batch: DecodeBatch,
    private readonly vocabulary: number,
  ) {}

  static async open(gpu: Gpu, decoder: RowDecoder, cache: KvCache, vocabulary: number): Promise<Generator> {
    return new Generator(gpu, decoder, cache, await DecodeBatch.open(gpu, decoder, vocabulary, STEPS), vocabulary);
  }

  /**
   * Completions in the order of the requests. Throws when a prompt with all its new tokens does not fit the context or
   * the cache.
   */
  generate(
    requests: readonly GenerateRequest[],
    options: GenerateOptions,
    context: GenerateContext = {},
  ): Promise<Generation[]> {
    return this.alone(async () => {
      const { sampling, adapter } = options;
      const { signal, onProgress, onTokens } = context;
      for (const { tokens } of requests) this.checkLength(tokens.length, sampling.maxNewTokens);
      const all = requests.map((request, index) => new LiveSequence(index, request, sampling.maxNewTokens));
      const queue: Queue = { waiting: [...all], live: [], freeSlots: this.slots() };
      const stop = this.stopBits(options);
      let done = 0;
      onProgress?.(0, all.length);
      this.batch.begin(stop);
      try {
        while (queue.waiting.length + queue.live.length > 0 && !signal?.aborted) {
          if (!(await this.prefill(this.admit(queue, options), adapter, signal))) break;
          for (const [sequence, tokens] of await this.decode(queue, stop, options)) {
            onTokens?.(sequence.index, tokens);
            if (!sequence.finish) continue;
            this.leave(queue, sequence);
            onProgress?.(++done, all.length);
          }
        }
      } finally {
        for (const sequence of [...queue.live]) this.leave(queue, sequence);
      }
      return all.map((sequence) => sequence.result());
    });
  }

  /**
   * Logprobs (temperature 1, whole vocabulary) of each candidate as the next token of each request; NaN where an abort
   * came first.
   */
  score(
    requests: readonly Int32Array[],
    candidates: readonly number[],
    { adapter }: ScoreOptions,
    { signal, onProgress, onScores }: ScoreContext = {},
  ): Promise<Float32Array[]> {
    return this.alone(async () => {
      for (const tokens of requests) this.checkLength(tokens.length, 1);
      const results: Float32Array[] = requests.map(() => new Float32Array(candidates.length).fill(Number.NaN));
      onProgress?.(0, requests.length);
      for (let done = 0; done < requests.length && !signal?.aborted; ) {
        const opened: Sequence[] = [];
        const spans: Span[] = [];
        while (opened.length < this.decoder.slots && done + opened.length < requests.length) {
          const tokens = requests[done + opened.length]!;
          const sequence = this.cache.open(tokens, adapter);
          if (!sequence) break;
          spans.push(this.spanOf(opened.length, sequence, tokens, tokens.length));
          opened.push(sequence);
        }
        const first = done;
        const finished = await this.compute(spans, adapter, signal, async (ends) => {
          const rows = ends.map(({ row }) => row);
          const scores = await this.batch.candidates(rows, candidates, adapter);
          ends.forEach(({ span }, i) => {
            results[first + span] = scores[i]!;
            onScores?.(first + span, scores[i]!);
          });
          done += ends.length;
          onProgress?.(done, requests.length);
        }).finally(() => {
          for (const sequence of opened) this.cache.close(sequence);
        });
        if (!finished) break;
      }
      return results;
    });
  }

  /** Forgets the cache: the weights have changed, or its memory was used otherwise. */
  invalidate(): void {
    this.cache.invalidate();
  }

  release(): void {
    this.batch.release();
  }

  /** Gives waiting sequences slots and blocks, in order, while a block of growth stays for every live one. */
  private admit({ waiting, live, freeSlots }: Queue, { adapter, sampling }: GenerateOptions): LiveSequence[] {
    const joined: LiveSequence[] = [];
    while (waiting.length > 0 && freeSlots.length > 0) {
      const sequence = waiting[0]!;
      const positions = sequence.positionsFor(STEPS);
      const blocks = this.cache.open(sequence.tokens, adapter, { positions, reserve: live.length });
      if (!blocks) break;
      const slot = freeSlots.pop()!;
      sequence.place = { slot, blocks };
      this.batch.seed(slot, sequence.seed, sampling.repetitionPenalty === 1 ? null : sequence.tokens);
      live.push(waiting.shift()!);
      joined.push(sequence);
    }
    return joined;
  }

  /**
   * Computes all but the last token of sequences that join: that one is their first decoding row. False when aborted.
   */
  private prefill(joined: readonly LiveSequence[], adapter: boolean, signal?: AbortSignal): Promise<boolean> {
    const spans = joined.map(({ place, tokens }) => this.spanOf(place!.slot, place!.blocks, tokens, tokens.length - 1));
    return this.compute(spans, adapter, signal);
  }

  private spanOf(slot: number, sequence: Sequence, tokens: ArrayLike<number>, to: number): Span {
    this.batch.place(slot, sequence.blocks);
    this.counters.sharedTokens += sequence.shared;
    return { tokens, slot, from: sequence.shared, to };
  }

  private async compute(
    spans: readonly Span[],
    adapter: boolean,
    signal?: AbortSignal,
    onEnds?: (ends: readonly { span: number; row: number }[]) => Promise<void>,
  ): Promise<boolean> {
    for (const pass of packSpans(spans, this.decoder.maxRows)) {
      if (signal?.aborted) {
        this.cache.invalidate(); // blocks are found by their first tokens, and these will not be computed
        return false;
      }
      this.batch.forward(pass, adapter);
      this.counters.prefillTokens += pass.token.length;
      if (onEnds && pass.ends.length > 0) await onEnds(pass.ends);
      else await this.gpu.done();
    }
    return true;
  }

  /** Up to 16 steps of all live sequences → the new tokens of each. */
  private async decode(queue: Queue, stop: Uint32Array, options: GenerateOptions): Promise<[LiveSequence, number[]][]> {
    const steps = Math.min(STEPS, Math.max(...queue.live.map(({ remaining }) => remaining)));
    this.makeRoom(queue, steps);
    const live = [...queue.live];
    const rows = live.map(({ tokens, place, limit }) => ({
      token: tokens.at(-1)!,
      slot: place!.slot,
      position: tokens.length - 1,
      limit,
    }));
    const sampled = await this.batch.decode(rows, steps, options);
    this.counters.decodeSteps += steps;
    return live.map((sequence, row) => {
      const before = sequence.tokens.length;
      for (const { token, logprob, entropy } of sampled[row]!) {
        if (!sequence.accept(token, logprob, entropy, hasBit(stop, token))) break;
      }
      this.cache.commit(sequence.place!.blocks, sequence.tokens, sequence.tokens.length - 1);
      this.counters.decodedTokens += sequence.tokens.length - before;
      return [sequence, sequence.tokens.slice(before)];
    });
  }

  /**
   * Blocks for the coming steps, the oldest first; the youngest goes back to waiting, with its tokens, when there are
   * not enough.
   */
  private makeRoom(queue: Queue, steps: number): void {
    for (let i = 0; i < queue.live.length; i++) {
      const sequence = queue.live[i]!;
      const { slot, blocks } = sequence.place!;
      while (queue.live.includes(sequence) && !this.cache.extend(blocks, sequence.positionsFor(steps))) {
        const youngest = queue.live.at(-1)!;
        this.leave(queue, youngest);
        queue.waiting.unshift(youngest);
      }
      if (sequence.place) this.batch.place(slot, blocks.blocks);
    }
  }

  private leave({ live, freeSlots }: Queue, sequence: LiveSequence): void {
    const { slot, blocks } = sequence.place!;
    this.cache.close(blocks);
    freeSlots.push(slot);
    live.splice(live.indexOf(sequence), 1);
    sequence.place = undefined;
  }

  private slots(): number[] {
    return Array.from({ length: this.decoder.slots }, (_, slot) => this.decoder.slots - 1 - slot);
  }

  private stopBits({ endTokens, stopTokens }: GenerateOptions): Uint32Array {
    const bits = bitset(bitsetWords(this.vocabulary), endTokens);
    stopTokens?.forEach((word, i) => {
      if (i < bits.length) bits[i]! |= word;
    });
    return bits;
  }

  private checkLength(promptLength: number, newTokens: number): void {
    if (promptLength === 0) throw new Error('Generation: a prompt is empty; it needs at least one token');
    const length = promptLength + newTokens;
    const most = Math.min(this.decoder.contextLength, this.cache.capacity + 1);
    if (length > most) {
      throw new Error(
        `Generation: a prompt of ${promptLength} tokens and ${newTokens} new ones make ${length}, but at most ${most} fit (context ${this.decoder.contextLength}, cache ${this.cache.capacity}); shorten the prompt or the answer`,
      );
    }
  }

  /** Calls share the model's buffers, so one has them at a time. A failed one leaves nothing in the cache. */
  private async alone<T>(call: () => Promise<T>): Promise<T> {
    if (this.busy) throw new Error('Generation: another call is still running; wait for it first');
    this.busy = true;
    try {
      return await call();
    } catch (error) {
      this.cache.invalidate();
      throw error;
    } finally {
      this.busy = false;
    }
  }
}
