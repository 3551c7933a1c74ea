import type { Sampling } from '../domain/recipe/sampling';
import type { Gpu } from '../gpu/gpu';
import type { Recorder } from '../gpu/recorder';
import type { Tensor } from '../gpu/tensor';
import { advance } from '../kernels/advance';
import { logprob } from '../kernels/logprob';
import { bitsetWords, sample } from '../kernels/sample';
import type { Pass } from './prefill';

/** What generation needs of a model; model/decoder.ts is one. */
export interface RowDecoder {
  readonly buffers: Readonly<
    Record<'rowToken' | 'rowSlot' | 'rowPosition' | 'blockTable' | 'logitRow' | 'logits', Tensor>
  >;
  readonly maxRows: number;
  /** Sequences that can decode together: S. */
  readonly slots: number;
  /** Longest sequence, in tokens. */
  readonly contextLength: number;
  forward(to: Recorder, rows: number, adapter: boolean): void;
  logits(to: Recorder, count: number, adapter: boolean): void;
}

/** A row of a decoding step: the last token so far, where it stands, and the position of the last token it may get. */
export interface DecodeRow {
  readonly token: number;
  readonly slot: number;
  readonly position: number;
  readonly limit: number;
}

/** A sampled token as the GPU reports it. */
export interface Sampled {
  readonly token: number;
  readonly logprob: number;
  readonly entropy: number;
}

const compileOps = async (gpu: Gpu) => {
  const [sampleOp, advanceOp, logprobOp] = await Promise.all([sample(gpu), advance(gpu), logprob(gpu)]);
  return { sample: sampleOp, advance: advanceOp, logprob: logprobOp };
};

/**
 * The GPU's side of generation: it owns what sampling needs besides the model's buffers, and allocates nothing after
 * the first call.
 */
export class DecodeBatch {
  private readonly table: Uint32Array;
  private readonly scores = new Map<number, { candidate: Tensor; logprob: Tensor }>();

  private constructor(
    private readonly gpu: Gpu,
    private readonly decoder: RowDecoder,
    private readonly ops: Awaited<ReturnType<typeof compileOps>>,
    private readonly own: Record<'seed' | 'seen' | 'cut' | 'token' | 'score' | 'limit' | 'stop' | 'history', Tensor>,
  ) {
    const [S, M] = decoder.buffers.blockTable.shape;
    this.table = new Uint32Array(S! * M!);
  }

  static async open(gpu: Gpu, decoder: RowDecoder, vocabulary: number, maxSteps: number): Promise<DecodeBatch> {
    const S = decoder.slots;
    const W = bitsetWords(vocabulary);
    return new DecodeBatch(gpu, decoder, await compileOps(gpu), {
      seed: gpu.tensor('sample seed', [S], undefined, 'u32'),
      seen: gpu.tensor('sample seen', [S, W], undefined, 'u32'),
      cut: gpu.tensor('sample cut', [S, 2], undefined, 'u32'),
      token: gpu.tensor('sample token', [S], undefined, 'u32'),
      score: gpu.tensor('sample score', [S, 2]),
      limit: gpu.tensor('decode limit', [S], undefined, 'u32'),
      stop: gpu.tensor('decode stop', [W], undefined, 'u32'),
      history: gpu.tensor('decode history', [maxSteps, S, 3], undefined, 'u32'),
    });
  }

  /** `stop`: bitset of the tokens that end a sequence. Before the first decoding of a call. */
  begin(stop: Uint32Array): void {
    this.gpu.write(this.own.stop, stop);
    this.gpu.write(
      this.decoder.buffers.logitRow,
      Uint32Array.from({ length: this.decoder.slots }, (_, b) => b),
    );
  }

  /** Where the cache keeps the sequence of a slot. */
  place(slot: number, blocks: readonly number[]): void {
    this.table.set(blocks, slot * this.decoder.buffers.blockTable.shape[1]!);
  }

  /** The seed of a slot's draws and, for a repetition penalty, the tokens it has so far. */
  seed(slot: number, seed: number, tokens: ArrayLike<number> | null): void {
    this.gpu.write(this.own.seed, Uint32Array.of(seed), slot);
    if (!tokens) return;
    const words = this.own.seen.shape[1]!;
    this.gpu.write(this.own.seen, bitset(words, tokens), slot * words);
  }

  /** Computes keys, values and hidden states of the rows. */
  forward({ token, slot, position }: Pick<Pass, 'token' | 'slot' | 'position'>, adapter: boolean): void {
    const { gpu, decoder } = this;
    gpu.write(decoder.buffers.blockTable, this.table); // the update phase overwrites this memory, so never trust what is there
    gpu.write(decoder.buffers.rowToken, token);
    gpu.write(decoder.buffers.rowSlot, slot);
    gpu.write(decoder.buffers.rowPosition, position);
    decoder.forward(gpu.recorder, token.length, adapter);
  }

  /** Logprobs of each candidate at each of the last pass's `rows`, at most S of them, in order. */
  async candidates(rows: readonly number[], candidates: readonly number[], adapter: boolean): Promise<Float32Array[]> {
    const { gpu, decoder, ops } = this;
    const Q = candidates.length;
    let t = this.scores.get(Q);
    if (!t) {
      t = {
        candidate: gpu.tensor('candidates', [Q], undefined, 'u32'),
        logprob: gpu.tensor('candidate logprobs', [decoder.slots, Q]),
      };
      this.scores.set(Q, t);
    }
    gpu.write(t.candidate, Uint32Array.from(candidates));
    gpu.write(decoder.buffers.logitRow, Uint32Array.from(rows));
    decoder.logits(gpu.recorder, rows.length, adapter);
    ops.logprob.candidates(gpu.recorder, { ...t, logits: decoder.buffers.logits }, { rows: rows.length });
    const values = await gpu.readF32(t.logprob);
    return rows.map((_, i) => values.slice(i * Q, (i + 1) * Q));
  }

  /**
   * `steps` steps of all rows with one read-back → for each row its tokens by step; those after a row's end mean
   * nothing.
   */
  async decode(
    rows: readonly DecodeRow[],
    steps: number,
    { sampling, adapter }: { sampling: Sampling; adapter: boolean },
  ): Promise<Sampled[][]> {
    const { gpu, decoder, ops, own } = this;
    const to = gpu.recorder;
    const t = { ...decoder.buffers, ...own };
    const column = (of: (row: DecodeRow) => number) => Uint32Array.from(rows, of);
    gpu.write(
      own.limit,
      column(({ limit }) => limit),
    );
    const first = { token: column(({ token }) => token), slot: column(({ slot }) => slot) };
    for (let step = 0; step < steps; step++) {
      if (step === 0) this.forward({ ...first, position: column(({ position }) => position) }, adapter);
      else decoder.forward(to, rows.length, adapter);
      decoder.logits(to, rows.length, adapter);
      ops.sample.forward(to, t, { ...sampling, rows: rows.length });
      ops.advance.forward(to, t, { rows: rows.length, step });
    }
    const words = await gpu.readU32(own.history);
    const floats = new Float32Array(words.buffer);
    return rows.map((_, b) =>
      Array.from({ length: steps }, (_, step) => {
        const at = 3 * (step * decoder.slots + b);
        return { token: words[at]!, logprob: floats[at + 1]!, entropy: floats[at + 2]! };
      }),
    );
  }

  release(): void {
    const scores = [...this.scores.values()].flatMap((t) => Object.values(t));
    for (const { buffer } of [...Object.values(this.own), ...scores]) this.gpu.release(buffer);
  }
}

/** A bit for each of the tokens, in `words` words. */
export function bitset(words: number, tokens: ArrayLike<number>): Uint32Array {
  const bits = new Uint32Array(words);
  for (let i = 0; i < tokens.length; i++) bits[tokens[i]! >> 5]! |= 1 << (tokens[i]! & 31);
  return bits;
}

export const hasBit = (bits: Uint32Array, token: number): boolean => ((bits[token >> 5]! >>> (token & 31)) & 1) === 1;
