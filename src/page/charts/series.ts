import { meanOrNull } from '../../domain/statistics';

/** (n) values by step; null is a gap, not a zero. */
export type Series = readonly (number | null)[];

/**
 * Exponential moving average with the start corrected for its missing past: y_t = Σ w^(t−i) x_i / Σ w^(t−i).
 * Gaps stay gaps and do not move the average. `weight` 0 returns the values.
 */
export function smooth(values: Series, weight: number): Series {
  let sum = 0;
  let norm = 0;
  return values.map((value) => {
    if (value === null || !Number.isFinite(value)) return null;
    sum = weight * sum + value;
    norm = weight * norm + 1;
    return sum / norm;
  });
}

/**
 * Indices of at most `most` rows that keep the shape: of each bucket the rows with the lowest and the highest value,
 * and always the first and the last row. Ascending.
 */
export function keepShape(values: Series, most: number): number[] {
  const n = values.length;
  if (n <= most) return Array.from({ length: n }, (_, i) => i);
  const buckets = Math.floor((most - 2) / 2);
  const kept = new Set([0, n - 1]);
  for (let b = 0; b < buckets; b++) {
    const from = Math.floor((b * n) / buckets);
    const to = Math.floor(((b + 1) * n) / buckets);
    let low = from;
    let high = from;
    for (let i = from; i < to; i++) {
      const value = values[i] ?? null;
      if (value === null) continue;
      if (values[low] == null || value < values[low]!) low = i;
      if (values[high] == null || value > values[high]!) high = i;
    }
    kept.add(low).add(high);
  }
  return [...kept].sort((a, b) => a - b);
}

/** Mean of the values that are there; null when none is. */
export const mean = (values: Series): number | null =>
  meanOrNull(values.filter((value) => value !== null && Number.isFinite(value)) as number[]);

/**
 * Where a number started and where it is: means of the first and the last few steps, so that one lucky step is no
 * trend.
 */
export function trend(values: Series, window = 5): { start: number | null; now: number | null } {
  const size = Math.max(1, Math.min(window, Math.floor(values.length / 2)));
  return { start: mean(values.slice(0, size)), now: mean(values.slice(-size)) };
}
