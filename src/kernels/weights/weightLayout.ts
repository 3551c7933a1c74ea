import type { Shape } from '../../gpu/tensor';
import { QUANT_BLOCK, strideOf, VALUES_PER_WORD, type WeightFormat } from './weight';

/** The largest storage binding that every adapter accepts. */
export const DEFAULT_BINDING_BYTES = 128 * 2 ** 20;

export interface ShardLayout {
  readonly start: number;
  readonly count: number;
  /** (ceil(K / P), stride) */
  readonly words: Shape;
  /** (K / 32, stride), q8 and q4 only. */
  readonly scales?: Shape;
}

export const isQuantised = (format: WeightFormat): boolean => format === 'q8' || format === 'q4';

/**
 * How a (K, N) weight is cut along N so that no shard's words exceed `maxBytes`: shards of nearly equal size, all but
 * the last a multiple of 4 columns. Throws when K suits the format badly or four columns are already too large.
 */
export function shardLayout(
  format: WeightFormat,
  K: number,
  N: number,
  maxBytes: number = DEFAULT_BINDING_BYTES,
): ShardLayout[] {
  if (isQuantised(format) && K % QUANT_BLOCK !== 0) {
    throw new Error(`a ${format} weight needs an input size that is a multiple of ${QUANT_BLOCK}, not ${K}`);
  }
  const rows = Math.ceil(K / VALUES_PER_WORD[format]);
  const most = Math.floor(maxBytes / (4 * rows) / 4) * 4;
  if (most === 0) throw new Error(`${maxBytes} bytes do not hold four columns of ${K} values in ${format}`);
  const shards = Math.ceil(N / most);
  const count = Math.min(most, strideOf(Math.ceil(N / shards)));
  const layout: ShardLayout[] = [];
  for (let start = 0; start < N; start += count) {
    const columns = Math.min(count, N - start);
    const stride = strideOf(columns);
    layout.push({
      start,
      count: columns,
      words: [rows, stride],
      ...(isQuantised(format) && { scales: [K / QUANT_BLOCK, stride] }),
    });
  }
  return layout;
}

/** Bytes that a (K, N) weight takes on the GPU, all shards and scales together. */
export function weightBytes(format: WeightFormat, K: number, N: number): number {
  const rows = Math.ceil(K / VALUES_PER_WORD[format]) + (isQuantised(format) ? K / QUANT_BLOCK : 0);
  return 4 * rows * strideOf(N);
}
