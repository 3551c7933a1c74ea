/** y += x, both (N, C). Its backward is the same sum: dx += dy. */
export function residualForward(x: Float64Array, y: Float64Array) {
  for (let i = 0; i < y.length; i++) y[i]! += x[i]!;
}
