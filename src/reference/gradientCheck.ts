/** Central differences of a scalar function, in f64. */
export function numericGradient(f: () => number, at: Float64Array, step = 1e-5): Float64Array {
  return at.map((value, i) => {
    at[i] = value + step;
    const above = f();
    at[i] = value - step;
    const below = f();
    at[i] = value;
    return (above - below) / (2 * step);
  });
}

export interface Tolerance {
  readonly atol: number;
  readonly rtol: number;
}

/**
 * The element with the largest |a−b| / (atol + rtol·|b|): within tolerance when its ratio is at most 1. NaN is always
 * the worst.
 */
export function worstError(a: ArrayLike<number>, b: ArrayLike<number>, { atol, rtol }: Tolerance) {
  if (a.length !== b.length) throw new Error(`lengths differ: got ${a.length}, want ${b.length}`);
  let worst = { ratio: 0, index: -1, got: Number.NaN, want: Number.NaN };
  for (let i = 0; i < b.length; i++) {
    const ratio = Math.abs(a[i]! - b[i]!) / (atol + rtol * Math.abs(b[i]!));
    if (!(ratio <= worst.ratio)) {
      worst = { ratio, index: i, got: a[i]!, want: b[i]! };
      if (Number.isNaN(ratio)) return { ...worst, ratio: Number.POSITIVE_INFINITY };
    }
  }
  return worst;
}
