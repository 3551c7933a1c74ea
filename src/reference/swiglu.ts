const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

/** y = silu(gate) · up, with silu(x) = x · sigmoid(x) (Shazeer 2020, arXiv 2002.05202). All (N, F). */
export function swigluForward(gate: Float64Array, up: Float64Array) {
  return gate.map((g, i) => g * sigmoid(g) * up[i]!);
}

/** Adds to dgate and dup, both (N, F). */
export function swigluBackward(
  dy: Float64Array,
  gate: Float64Array,
  up: Float64Array,
  dgate: Float64Array,
  dup: Float64Array,
) {
  for (let i = 0; i < dy.length; i++) {
    const g = gate[i]!;
    const s = sigmoid(g);
    dgate[i]! += dy[i]! * up[i]! * s * (1 + g * (1 - s));
    dup[i]! += dy[i]! * g * s;
  }
}
