export interface HeadSizes {
  /** Query heads. */
  readonly H: number;
  /** Key/value heads; query head h reads key/value head floor(h · K / H). */
  readonly K: number;
  /** Head size. */
  readonly D: number;
  /** Factor of the scores; 1 / √D unless given. */
  readonly scale?: number;
}

const scaleOf = ({ D, scale = 1 / Math.sqrt(D) }: HeadSizes) => scale;

/**
 * Causal grouped-query attention over packed sequences: row n attends to rows start[n] … n.
 *   s(n, j) = q(n) · k(j) · scale,   lse (N, H) = log Σ_j e^s,   o (N, H, D) = Σ_j e^(s − lse) v(j)
 */
export function attentionForward(
  q: Float64Array,
  k: Float64Array,
  v: Float64Array,
  start: ArrayLike<number>,
  sizes: HeadSizes,
) {
  const { H, D } = sizes;
  const N = start.length;
  const o = new Float64Array(N * H * D);
  const lse = new Float64Array(N * H);
  for (let n = 0; n < N; n++) {
    for (let h = 0; h < H; h++) {
      const scores = Array.from({ length: n + 1 - start[n]! }, (_, i) => score(q, k, n, h, start[n]! + i, sizes));
      const max = Math.max(...scores);
      const sum = scores.reduce((total, s) => total + Math.exp(s - max), 0);
      lse[n * H + h] = max + Math.log(sum);
      for (const [i, s] of scores.entries()) {
        const value = keyAt(start[n]! + i, h, sizes);
        const p = Math.exp(s - lse[n * H + h]!);
        for (let d = 0; d < D; d++) o[(n * H + h) * D + d]! += p * v[value + d]!;
      }
    }
  }
  return { o, lse };
}

/** Adds to dq (N, H, D), dk and dv (N, K, D). With p = e^(s − lse): ds = p · (dO · v − delta), delta = dO · o. */
export function attentionBackward(
  dO: Float64Array,
  q: Float64Array,
  k: Float64Array,
  v: Float64Array,
  o: Float64Array,
  lse: Float64Array,
  start: ArrayLike<number>,
  sizes: HeadSizes,
  dq: Float64Array,
  dk: Float64Array,
  dv: Float64Array,
) {
  const { H, D } = sizes;
  for (let n = 0; n < start.length; n++) {
    for (let h = 0; h < H; h++) {
      const row = (n * H + h) * D;
      let delta = 0;
      for (let d = 0; d < D; d++) delta += dO[row + d]! * o[row + d]!;
      for (let j = start[n]!; j <= n; j++) {
        const key = keyAt(j, h, sizes);
        const p = Math.exp(score(q, k, n, h, j, sizes) - lse[n * H + h]!);
        let dp = 0;
        for (let d = 0; d < D; d++) dp += dO[row + d]! * v[key + d]!;
        const ds = p * (dp - delta) * scaleOf(sizes);
        for (let d = 0; d < D; d++) {
          dq[row + d]! += ds * k[key + d]!;
          dk[key + d]! += ds * q[row + d]!;
          dv[key + d]! += p * dO[row + d]!;
        }
      }
    }
  }
}

/** Offset in k or v (N, K, D) of row j for query head h. */
const keyAt = (j: number, h: number, { H, K, D }: HeadSizes) => (j * K + Math.floor((h * K) / H)) * D;

function score(q: Float64Array, k: Float64Array, n: number, h: number, j: number, sizes: HeadSizes) {
  const { H, D } = sizes;
  let sum = 0;
  for (let d = 0; d < D; d++) sum += q[(n * H + h) * D + d]! * k[keyAt(j, h, sizes) + d]!;
  return sum * scaleOf(sizes);
}
