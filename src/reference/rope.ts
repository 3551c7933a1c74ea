import type { RopeFrequencies } from '../families/rope';

/**
 * Rotary position embedding (Su et al. 2021, arXiv 2104.09864) in the half-rotation layout of Hugging Face: element i
 * of a head turns with element i + D/2, by position · frequency i, and both are multiplied by `scale`. Rotates
 * x (N, H, D) in place.
 */
export function ropeForward(x: Float64Array, position: ArrayLike<number>, rope: RopeFrequencies) {
  rotate(x, position, rope, 1);
}

/** The inverse rotation of dx (N, H, D), in place: a rotation's transpose. */
export function ropeBackward(dx: Float64Array, position: ArrayLike<number>, rope: RopeFrequencies) {
  rotate(dx, position, rope, -1);
}

function rotate(
  x: Float64Array,
  position: ArrayLike<number>,
  { frequencies, scale }: RopeFrequencies,
  direction: 1 | -1,
) {
  const N = position.length;
  const D = 2 * frequencies.length;
  const H = x.length / (N * D);
  for (let n = 0; n < N; n++) {
    for (let h = 0; h < H; h++) {
      for (let i = 0; i < D / 2; i++) {
        const angle = direction * position[n]! * frequencies[i]!;
        const at = (n * H + h) * D + i;
        const [a, b] = [x[at]!, x[at + D / 2]!];
        x[at] = scale * (a * Math.cos(angle) - b * Math.sin(angle));
        x[at + D / 2] = scale * (b * Math.cos(angle) + a * Math.sin(angle));
      }
    }
  }
}
