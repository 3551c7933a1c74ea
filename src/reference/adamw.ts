export interface AdamwState {
  readonly parameter: Float64Array;
  readonly grad: Float64Array;
  readonly m: Float64Array;
  readonly v: Float64Array;
}

/** One step in place, as torch.optim.AdamW writes it; zeroes the gradient. `step` is 1 for the first. */
export function adamwForward(
  { parameter, grad, m, v }: AdamwState,
  clipScale: number,
  o: { learningRate: number; beta1: number; beta2: number; eps: number; weightDecay: number; step: number },
): void {
  for (let i = 0; i < parameter.length; i++) {
    const g = grad[i]! * clipScale;
    parameter[i]! *= 1 - o.learningRate * o.weightDecay;
    m[i] = o.beta1 * m[i]! + (1 - o.beta1) * g;
    v[i] = o.beta2 * v[i]! + (1 - o.beta2) * g * g;
    const mHat = m[i]! / (1 - o.beta1 ** o.step);
    const vHat = v[i]! / (1 - o.beta2 ** o.step);
    parameter[i]! -= (o.learningRate * mHat) / (Math.sqrt(vHat) + o.eps);
    grad[i] = 0;
  }
}
