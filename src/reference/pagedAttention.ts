import { attentionForward, type HeadSizes } from './attention';

/** Tokens per block of the cache. */
export const BLOCK = 16;

/** Where each row of a batch lies in the cache: a sequence slot, a position in it, and the slot's blocks. */
export interface Paging {
  readonly rowSlot: ArrayLike<number>;
  readonly rowPosition: ArrayLike<number>;
  /** (S, M) block ids. */
  readonly blockTable: ArrayLike<number>;
  readonly M: number;
}

/** Copies x (N, K · D) into cache (blocks, 16, K · D) at each row's slot and position. */
export function pagedWrite(x: Float64Array, cache: Float64Array, { rowSlot, rowPosition, blockTable, M }: Paging) {
  const width = x.length / rowSlot.length;
  for (let n = 0; n < rowSlot.length; n++) {
    const row = cacheRow(rowSlot[n]!, rowPosition[n]!, blockTable, M);
    cache.set(x.subarray(n * width, (n + 1) * width), row * width);
  }
}

/** o (N, H, D): row n attends to cached positions 0 … rowPosition[n] of its slot, the last `window` of them. */
export function pagedAttentionForward(
  q: Float64Array,
  keyCache: Float64Array,
  valueCache: Float64Array,
  { rowSlot, rowPosition, blockTable, M }: Paging,
  sizes: HeadSizes,
  window = Number.POSITIVE_INFINITY,
) {
  const { H, K, D } = sizes;
  const o = new Float64Array(q.length);
  for (let n = 0; n < rowSlot.length; n++) {
    const T = rowPosition[n]! + 1;
    const collect = (cache: Float64Array) => {
      const sequence = new Float64Array(T * K * D);
      for (let t = 0; t < T; t++) {
        const row = cacheRow(rowSlot[n]!, t, blockTable, M);
        sequence.set(cache.subarray(row * K * D, (row + 1) * K * D), t * K * D);
      }
      return sequence;
    };
    const last = new Float64Array(T * H * D); // only the last query matters: it sees all T keys
    last.set(q.subarray(n * H * D, (n + 1) * H * D), (T - 1) * H * D);
    const all = attentionForward(
      last,
      collect(keyCache),
      collect(valueCache),
      new Uint32Array(T).fill(Math.max(0, T - window), T - 1),
      sizes,
    ).o;
    o.set(all.subarray((T - 1) * H * D), n * H * D);
  }
  return o;
}

const cacheRow = (slot: number, position: number, blockTable: ArrayLike<number>, M: number) =>
  blockTable[slot * M + Math.floor(position / BLOCK)]! * BLOCK + (position % BLOCK);
