import type { Tensor } from '../../gpu/tensor';

/**
 * How a matrix lies in GPU memory. bf16 and f16 keep the checkpoint's own bits; q8 and q4 are blocks of 32 along the
 * input axis.
 */
export type WeightFormat = 'f32' | 'bf16' | 'f16' | 'q8' | 'q4';

/** Values per u32 word along K: word (k / P, n) holds W[k … k + P − 1, n], lowest bits first. */
export const VALUES_PER_WORD = { f32: 1, bf16: 2, f16: 2, q8: 4, q4: 8 } as const satisfies Record<
  WeightFormat,
  number
>;

/** Input elements that share one scale. */
export const QUANT_BLOCK = 32;

/**
 * A matrix W (K, N): y (M, N) = x (M, K) · W. K is the input axis, so this is the transpose of a Hugging Face `weight`
 * (out, in). The embedding of a tied head is one too, with K = channels and N = vocabulary; looking up token v reads
 * column v. Cut along N into shards that fit a storage binding; `count` of every shard but the last is a multiple of 4.
 */
export interface Weight {
  readonly label: string;
  readonly format: WeightFormat;
  readonly K: number;
  readonly N: number;
  readonly shards: readonly WeightShard[];
}

export interface WeightShard {
  /** First column. */
  readonly start: number;
  /** Columns. */
  readonly count: number;
  /**
   * (ceil(K / P), stride) words (type f32 for format f32, u32 otherwise), stride = count rounded up to a multiple of 4.
   */
  readonly words: Tensor;
  /**
   * q8 and q4 only: (K / 32, stride) u32, f16 scale d in the low half, f16 offset m in the high half: w = d · q + m. q
   * is signed for q8, 0 … 15 for q4.
   */
  readonly scales?: Tensor;
}

export const strideOf = (count: number): number => Math.ceil(count / 4) * 4;
