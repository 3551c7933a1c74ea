/** y (N, C) = x · rstd · weight,  rstd (N) = 1 / √(mean_C(x²) + eps). */
export function rmsNormForward(x: Float64Array, weight: Float64Array, eps: number) {
  const C = weight.length;
  const N = x.length / C;
  const y = new Float64Array(N * C);
  const rstd = new Float64Array(N);
  for (let n = 0; n < N; n++) {
    let sumSq = 0;
    for (let c = 0; c < C; c++) sumSq += x[n * C + c]! ** 2;
    rstd[n] = 1 / Math.sqrt(sumSq / C + eps);
    for (let c = 0; c < C; c++) y[n * C + c] = x[n * C + c]! * rstd[n]! * weight[c]!;
  }
  return { y, rstd };
}

/** Adds to dx (N, C) and dweight (C), as every backward here does. */
export function rmsNormBackward(
  dy: Float64Array,
  x: Float64Array,
  weight: Float64Array,
  rstd: Float64Array,
  dx: Float64Array,
  dweight: Float64Array,
) {
  const C = weight.length;
  const N = x.length / C;
  for (let n = 0; n < N; n++) {
    let mean = 0; // of g·x̂ over C
    for (let c = 0; c < C; c++) mean += (dy[n * C + c]! * weight[c]! * x[n * C + c]! * rstd[n]!) / C;
    for (let c = 0; c < C; c++) {
      const xhat = x[n * C + c]! * rstd[n]!;
      dx[n * C + c]! += rstd[n]! * (dy[n * C + c]! * weight[c]! - xhat * mean);
      dweight[c]! += dy[n * C + c]! * xhat;
    }
  }
}
