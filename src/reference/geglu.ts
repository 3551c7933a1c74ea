const ROOT = Math.sqrt(2 / Math.PI);
const CUBE = 0.044715;

/** gelu(x) = x · (1 + tanh(√(2/π) · (x + 0.044715 x³))) / 2, the approximation that Gemma uses. */
const half = (x: number) => (1 + Math.tanh(ROOT * (x + CUBE * x ** 3))) / 2;

/** y = gelu(gate) · up. All (N, F). */
export function gegluForward(gate: Float64Array, up: Float64Array) {
  return gate.map((g, i) => g * half(g) * up[i]!);
}

/** Adds to dgate and dup, both (N, F). */
export function gegluBackward(
  dy: Float64Array,
  gate: Float64Array,
  up: Float64Array,
  dgate: Float64Array,
  dup: Float64Array,
) {
  for (let i = 0; i < dy.length; i++) {
    const g = gate[i]!;
    const h = half(g);
    const slope = 2 * h * (1 - h) * ROOT * (1 + 3 * CUBE * g ** 2); // of half: (1 − tanh²) / 2 = 2 h (1 − h)
    dgate[i]! += dy[i]! * up[i]! * (h + g * slope);
    dup[i]! += dy[i]! * g * h;
  }
}
