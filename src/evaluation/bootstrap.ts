import { derive, random } from '../random';

const SAMPLES = 1000;

/**
 * 1,000 resamples of n things with replacement: the indices that each draws (simple-evals' bootstrap; fixed by `seed`).
 * The array is the same each time.
 */
export function* resamples(n: number, seed: number): Generator<Uint32Array, void> {
  if (n === 0) return;
  const drawn = new Uint32Array(n);
  const key = [derive(seed, 'bootstrap'), n] as const;
  for (let b = 0; b < SAMPLES; b++) {
    for (let i = 0; i < n; i += 4) {
      const words = random(key, [i, 0], [b, 0]);
      // Multiply and shift: below 2⁻³² · n of bias, nothing beside the spread of 1,000 resamples.
      for (let k = 0; k < 4 && i + k < n; k++) drawn[i + k] = Math.floor((words[k]! * n) / 4294967296);
    }
    yield drawn;
  }
}

/** Means of the resamples of the values. Empty for no value. */
export function bootstrapMeans(values: readonly number[], seed: number): Float64Array {
  const n = values.length;
  const means = new Float64Array(n === 0 ? 0 : SAMPLES);
  let b = 0;
  for (const drawn of resamples(n, seed)) {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += values[drawn[i]!]!;
    means[b++] = sum / n;
  }
  return means;
}
