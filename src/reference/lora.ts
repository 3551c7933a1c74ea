import { gemmForward, gemmInputGrad, gemmWeightGrad } from './gemm';

/** A low-rank change of a matrix (Hu et al. 2021, arXiv 2106.09685), scale = alpha / R. */
export interface Adapter {
  readonly A: Float64Array; // (in, R)
  readonly B: Float64Array; // (R, out)
  readonly R: number;
  readonly scale: number;
}

/** y (N, out) += scale · (x · A) · B, with x (N, in). */
export function loraForward(x: Float64Array, { A, B, R, scale }: Adapter, y: Float64Array, N: number) {
  const low = new Float64Array(N * R);
  gemmForward(x, A, low, { M: N, K: A.length / R, N: R });
  gemmForward(low, B, y, { M: N, K: R, N: B.length / R }, scale);
}

/** Adds to dx (N, in), dA (in, R) and dB (R, out). */
export function loraBackward(
  dy: Float64Array,
  x: Float64Array,
  { A, B, R, scale }: Adapter,
  dx: Float64Array,
  dA: Float64Array,
  dB: Float64Array,
  N: number,
) {
  const outer = { M: N, K: R, N: B.length / R };
  const inner = { M: N, K: A.length / R, N: R };
  const low = new Float64Array(N * R);
  gemmForward(x, A, low, inner);
  const dlow = new Float64Array(N * R);
  gemmInputGrad(dy, B, dlow, outer, scale);
  gemmWeightGrad(low, dy, dB, outer, scale);
  gemmInputGrad(dlow, A, dx, inner);
  gemmWeightGrad(x, dlow, dA, inner);
}
