/** Adds bias (C) to each row of y (N, C). */
export function biasForward(bias: Float64Array, y: Float64Array) {
  for (let i = 0; i < y.length; i++) y[i]! += bias[i % bias.length]!;
}

/** Adds the sum of the rows of dy (N, C) to dbias (C). */
export function biasBackward(dy: Float64Array, dbias: Float64Array) {
  for (let i = 0; i < dy.length; i++) dbias[i % dbias.length]! += dy[i]!;
}
