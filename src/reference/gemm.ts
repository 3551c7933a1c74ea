export interface GemmSize {
  readonly M: number;
  readonly K: number;
  readonly N: number;
}

/** y (M, N) += alpha · x (M, K) · W (K, N). */
export function gemmForward(x: Float64Array, W: Float64Array, y: Float64Array, { M, K, N }: GemmSize, alpha = 1): void {
  for (let m = 0; m < M; m++) {
    for (let n = 0; n < N; n++) {
      let sum = 0;
      for (let k = 0; k < K; k++) sum += x[m * K + k]! * W[k * N + n]!;
      y[m * N + n]! += alpha * sum;
    }
  }
}

/** dx (M, K) += alpha · dy (M, N) · Wᵀ. */
export function gemmInputGrad(
  dy: Float64Array,
  W: Float64Array,
  dx: Float64Array,
  { M, K, N }: GemmSize,
  alpha = 1,
): void {
  for (let m = 0; m < M; m++) {
    for (let k = 0; k < K; k++) {
      let sum = 0;
      for (let n = 0; n < N; n++) sum += dy[m * N + n]! * W[k * N + n]!;
      dx[m * K + k]! += alpha * sum;
    }
  }
}

/** dW (K, N) += alpha · xᵀ · dy. */
export function gemmWeightGrad(
  x: Float64Array,
  dy: Float64Array,
  dW: Float64Array,
  { M, K, N }: GemmSize,
  alpha = 1,
): void {
  for (let k = 0; k < K; k++) {
    for (let n = 0; n < N; n++) {
      let sum = 0;
      for (let m = 0; m < M; m++) sum += x[m * K + k]! * dy[m * N + n]!;
      dW[k * N + n]! += alpha * sum;
    }
  }
}
