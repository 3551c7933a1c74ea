/**
 * Statistics of plain numbers, each written once. `values` are finite and in any order; nothing is changed in place.
 */

/** Sum over count. NaN for no value. Equal values give that value itself, not one that rounding moved. */
export function mean(values: ArrayLike<number>): number {
  let sum = 0;
  let equal = true;
  for (let i = 0; i < values.length; i++) {
    sum += values[i]!;
    equal &&= values[i] === values[0];
  }
  return equal ? (values[0] ?? Number.NaN) : sum / values.length;
}

/** Null for no value: a metric without a value is null. */
export const meanOrNull = (values: ArrayLike<number>): number | null => (values.length === 0 ? null : mean(values));

/** Sum of squared differences from the mean. 0 for no value. */
export function squaredDeviations(values: ArrayLike<number>): number {
  const centre = mean(values);
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += (values[i]! - centre) ** 2;
  return sum;
}

/** Of a sample, n − 1 below the sum (unbiased variance; torch.std). NaN below two values. */
export const sampleDeviation = (values: ArrayLike<number>): number =>
  values.length < 2 ? Number.NaN : Math.sqrt(squaredDeviations(values) / (values.length - 1));

/** Of all values that there are, n below the sum (numpy.std). NaN for no value. */
export const populationDeviation = (values: ArrayLike<number>): number =>
  Math.sqrt(squaredDeviations(values) / values.length);

/** Standard error of the mean of independent values. NaN below two values. */
export const standardError = (values: ArrayLike<number>): number => sampleDeviation(values) / Math.sqrt(values.length);

/**
 * The value below which `share` of the values lie, interpolated linearly between neighbours (numpy.quantile's default,
 * type 7 of Hyndman and Fan 1996). NaN for no value.
 */
export function quantile(values: ArrayLike<number>, share: number): number {
  if (values.length === 0) return Number.NaN;
  const sorted = Float64Array.from(values).sort();
  const at = share * (sorted.length - 1);
  const below = sorted[Math.floor(at)]!;
  return below + (sorted[Math.ceil(at)]! - below) * (at - Math.floor(at));
}

/** The middle value; the mean of the two in the middle of an even count. NaN for no value. */
export const median = (values: ArrayLike<number>): number => quantile(values, 0.5);

/** Bounds of the middle 95 %. NaN for no value. */
export const middle95 = (values: ArrayLike<number>): readonly [low: number, high: number] => [
  quantile(values, 0.025),
  quantile(values, 0.975),
];

/** Two-sided 95 % of the standard normal distribution. */
const Z_95 = 1.96;

/** 95 % interval of a share (Wilson 1927), which also holds with few or one-sided answers. [0, 1] for n = 0. */
export function wilson(hits: number, n: number): readonly [low: number, high: number] {
  if (n === 0) return [0, 1];
  const p = hits / n;
  const squared = Z_95 ** 2;
  const centre = p + squared / (2 * n);
  const half = Z_95 * Math.sqrt((p * (1 - p)) / n + squared / (4 * n * n));
  const scale = 1 + squared / n;
  return [Math.max(0, (centre - half) / scale), Math.min(1, (centre + half) / scale)];
}
