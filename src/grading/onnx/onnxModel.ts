import type { WorkContext } from '../../domain/workContext';
import type { Generation } from '../../model/generation';
import type { GraderModel } from '../graderModel';
import { type Batch, batchesOf, common, WORTH_KEEPING } from './onnxBatches';
import { type Batching, tryBatching } from './onnxBatching';
import type { Cache } from './onnxCache';
import { OnnxSequence } from './onnxSequence';
import type { OnnxSession, Pass } from './onnxSession';

/** Sequences in a pass: decoding reads the weights once for all of them, and each has a cache of its own. */
const MOST_ROWS = 8;

/** Milliseconds between looks at what else there is to do. */
const REST_EVERY = 20;

type GenerateArgs = Parameters<GraderModel['generate']>;
type ScoreArgs = Parameters<GraderModel['score']>;

/**
 * A language model in ONNX Runtime, with the interface of the lab's own: several requests at a time where the export
 * allows it. What neighbours have in common (the instructions, the conversation and the answer) is computed once.
 */
export class OnnxModel implements GraderModel {
  readonly config: GraderModel['config'];
  /** Beginnings that were computed, each going on where the one before ends. */
  private readonly prefixes: { tokens: Int32Array; cache: Cache }[] = [];
  private batching: Promise<Batching> | undefined;
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

  async generate(
    requests: GenerateArgs[0],
    options: GenerateArgs[1],
    { signal, onProgress }: WorkContext = {},
  ): Promise<Generation[]> {
    const stops = new Set(options.endTokens);
    const ends = (token: number) =>
      stops.has(token) || (((options.stopTokens?.[token >>> 5] ?? 0) >>> (token & 31)) & 1) === 1;
    const sequences = requests.map((request) => new OnnxSequence(request, options.sampling, ends));
    const prompts = requests.map(({ tokens }) => tokens);
    const report = () => onProgress?.(sequences.filter(({ finish }) => finish !== null).length, requests.length);
    await this.inBatches(prompts, signal, async (rows, pass) => {
      await this.write(
        rows.map((row) => sequences[row]!),
        pass,
        signal,
        report,
      );
    });
    return sequences.map((sequence) => sequence.generation());
  }

  async score(
    requests: ScoreArgs[0],
    candidates: ScoreArgs[1],
    _: ScoreArgs[2],
    { signal, onProgress, onScores }: NonNullable<ScoreArgs[3]> = {},
  ): Promise<Float32Array[]> {
    const results = requests.map(() => new Float32Array(candidates.length).fill(Number.NaN));
    let done = 0;
    await this.inBatches(requests, signal, async (rows, { logits, cache }) => {
      this.session.free(cache);
      rows.forEach((row, i) => {
        const own = logits[i]!;
        const top = own.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
        const lse = top + Math.log(own.reduce((sum, logit) => sum + Math.exp(logit - top), 0));
        results[row] = Float32Array.from(candidates, (token) => own[token]! - lse);
      });
      for (const row of rows) onScores?.(row, results[row]!);
      done += rows.length;
      onProgress?.(done, requests.length);
    });
    return results;
  }

  async release(): Promise<void> {
    for (const { cache } of this.prefixes.splice(0)) this.session.free(cache);
    await this.session.release();
  }

  /**
   * Reads the prompts, and hands each batch over with the pass that read it: indices of prompts, and the cache to free.
   * Ends on abort.
   */
  private async inBatches(
    prompts: readonly Int32Array[],
    signal: AbortSignal | undefined,
    use: (rows: readonly number[], pass: Pass) => Promise<void>,
  ): Promise<void> {
    for (const batch of batchesOf(prompts, MOST_ROWS)) {
      for (const rows of await this.together(prompts, batch)) {
        if (signal?.aborted) return;
        const own = rows.map((row) => prompts[row]!);
        await use(rows, await this.read(own, batch));
      }
    }
  }

  /** The prompts of a batch that may share a pass. */
  private async together(prompts: readonly Int32Array[], { from, to }: Batch): Promise<number[][]> {
    const rows = Array.from({ length: to - from }, (_, i) => from + i);
    if (rows.length === 1) return [rows];
    this.batching ??= tryBatching(this.session);
    const how = await this.batching;
    const key = (row: number) => (how === 'any' ? 0 : how === 'equal' ? prompts[row]!.length : row);
    const groups = new Map<number, number[]>();
    for (const row of rows) groups.set(key(row), [...(groups.get(key(row)) ?? []), row]);
    return [...groups.values()];
  }

  /** Whole prompts of a batch. */
  private async read(prompts: readonly Int32Array[], batch: Batch): Promise<Pass> {
    const prefix = await this.prefixOf(prompts[0]!, batch);
    const from = prefix?.tokens.length ?? 0;
    const rest = prompts.map((tokens) => tokens.subarray(from));
    if (!prefix || prompts.length === 1) return this.run(rest, prefix?.cache ?? null);
    const start = await this.session.gather(prefix.cache, new Array(prompts.length).fill(0));
    const pass = await this.run(rest, start);
    this.session.free(start);
    return pass;
  }

  /** The longest kept beginning of a batch, computed where it is not yet. */
  private async prefixOf(tokens: Int32Array, { shared, kept }: Batch) {
    const fits = (prefix: Int32Array) => prefix.length <= shared && common(tokens, prefix) === prefix.length;
    while (this.prefixes.length > 0 && !fits(this.prefixes.at(-1)!.tokens))
      this.session.free(this.prefixes.pop()!.cache);
    for (const length of kept) {
      const known = this.prefixes.at(-1);
      const from = known?.tokens.length ?? 0;
      if (length - from < WORTH_KEEPING) continue;
      const { cache } = await this.run([tokens.subarray(from, length)], known?.cache ?? null);
      this.prefixes.push({ tokens: tokens.slice(0, length), cache });
    }
    return this.prefixes.at(-1) ?? null;
  }

  /** Goes on writing until every sequence has ended. Those that have are let go when half of the rows have. */
  private async write(
    all: readonly OnnxSequence[],
    first: Pass,
    signal: AbortSignal | undefined,
    onEnd: () => void,
  ): Promise<void> {
    let rows = all;
    let pass = first;
    for (;;) {
      rows.forEach((sequence, i) => {
        if (sequence.finish !== null) return;
        sequence.take(pass.logits[i]!);
        if (sequence.finish === null && signal?.aborted) sequence.finish = 'aborted';
        if (sequence.finish !== null) onEnd();
      });
      const live = [...rows.keys()].filter((i) => rows[i]!.finish === null);
      if (live.length === 0) break;
      if (2 * live.length <= rows.length) {
        const cache = await this.session.gather(pass.cache, live);
        this.session.free(pass.cache);
        pass = { ...pass, cache };
        rows = live.map((i) => rows[i]!);
      }
      const next = await this.run(
        rows.map(({ last }) => Int32Array.of(last)),
        pass.cache,
        live.length,
      );
      this.session.free(pass.cache);
      pass = next;
    }
    this.session.free(pass.cache);
  }

  /** `counted` tokens are of use. */
  private async run(
    rows: readonly Int32Array[],
    cache: Cache | null,
    counted = rows.reduce((sum, { length }) => sum + length, 0),
  ): Promise<Pass> {
    // On the processor a pass ends without giving way: an abort would never arrive.
    if (performance.now() - this.lastRest > REST_EVERY) {
      await new Promise((resolve) => setTimeout(resolve, 0));
      this.lastRest = performance.now();
    }
    this.tokens += counted;
    return this.session.run(rows, cache);
  }
}
