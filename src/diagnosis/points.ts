import type { MetricKey, StepMetrics } from '../domain/metrics/metrics';
import { mean as meanOf, squaredDeviations } from '../domain/statistics';

/** One measured value; steps without a value are skipped, so that sparse metrics stay sparse. */
export interface Point {
  readonly step: number;
  readonly value: number;
}
export type Points = readonly Point[];

export function pointsOf(metrics: readonly StepMetrics[], key: MetricKey): Point[] {
  const points: Point[] = [];
  for (const row of metrics) {
    const value = row[key];
    if (typeof value === 'number' && Number.isFinite(value)) points.push({ step: row.step, value });
  }
  return points;
}

const valuesOf = (points: Points): number[] => points.map(({ value }) => value);

export const mean = (points: Points): number => meanOf(valuesOf(points));

/** Values averaged for a level, because one odd step is not a finding. */
export const RECENT = 5;

/** Mean of the newest values; null while there are fewer than `least`. */
export const recent = (points: Points, count = RECENT, least = 3): number | null =>
  points.length < least ? null : mean(points.slice(-count));

/**
 * As `recent`, and before there are enough values the one that every step so far has exactly, if it is the given one:
 * then the first step tells already.
 */
export const recentOrOnly = (points: Points, value: number): number | null =>
  recent(points) ?? (points.length > 0 && points.every((point) => point.value === value) ? value : null);

/** Mean of the first values. */
export const first = (points: Points, count = RECENT): number =>
  mean(points.slice(0, Math.max(1, Math.min(count, Math.floor(points.length / 2)))));

/**
 * The onset of a level that still holds: goes back from the end while means of RECENT values satisfy `beyond`, then
 * takes the first value of that stretch that satisfies it alone.
 */
export function onset(points: Points, beyond: (value: number) => boolean): number {
  let from = points.length;
  while (from > 0 && beyond(mean(points.slice(Math.max(0, from - RECENT), from)))) from--;
  const stretch = points.slice(Math.max(0, from - RECENT + 1));
  return (stretch.find(({ value }) => beyond(value)) ?? stretch[0] ?? points.at(-1))!.step;
}

/** How a metric has changed between the first and the last quarter of its values (3 to 20 values each). */
export interface Change {
  readonly before: number;
  readonly now: number;
  readonly by: number;
  /** `by` in standard errors, from the spread within both parts. */
  readonly z: number;
}

export function change(points: Points): Change | null {
  const size = Math.min(20, Math.max(3, Math.floor(points.length / 4)));
  if (points.length < 2 * size) return null;
  return between(points.slice(0, size), points.slice(-size));
}

export function between(early: Points, late: Points): Change {
  const [before, now] = [mean(early), mean(late)];
  const squares = squaredDeviations(valuesOf(early)) + squaredDeviations(valuesOf(late));
  const freedom = early.length + late.length - 2;
  const variance = freedom > 0 ? squares / freedom : 0;
  const error = Math.sqrt(variance * (1 / early.length + 1 / late.length));
  const by = now - before;
  return { before, now, by, z: by === 0 ? 0 : by / Math.max(error, 1e-12) };
}

/** Least-squares line: value ≈ at + slope · step. `t`: the slope in standard errors, widened for autocorrelation. */
export function line(points: Points): { at: number; slope: number; t: number } | null {
  const n = points.length;
  if (n < 4) return null;
  const steps = points.map(({ step }) => step);
  const x = meanOf(steps);
  const y = mean(points);
  const sxx = squaredDeviations(steps);
  const slope = points.reduce((sum, { step, value }) => sum + (step - x) * (value - y), 0) / sxx;
  const at = y - slope * x;
  const rest = points.map(({ step, value }) => value - at - slope * step);
  const squares = rest.reduce((sum, r) => sum + r * r, 0);
  const lagged = rest.slice(1).reduce((sum, r, i) => sum + r * rest[i]!, 0);
  const together = Math.min(0.9, Math.max(0, squares === 0 ? 0 : lagged / squares));
  const effective = (n * (1 - together)) / (1 + together);
  const error = Math.sqrt(squares / Math.max(1, effective - 2) / (sxx / n) / n);
  return { at, slope, t: slope / Math.max(error, 1e-12) };
}

/** More points than this do not improve the onset. */
const CLIMB_POINTS = 240;

/** A level, a linear climb, and the level that it reaches. */
export interface Climb {
  /** First step above the level before; the first of all where the climb begins at once. */
  readonly step: number;
  readonly by: number;
  /** Share of the variance that it explains. */
  readonly gain: number;
}

/**
 * Onset of a climb: least squares of value ≈ a + b · min(1, max(0, (t − τ) / (υ − τ))) over every pair of steps τ < υ,
 * the maximum-likelihood curve under uniform noise. The upper level models the ceiling (every answer has the phrase,
 * every answer reaches the limit): without one, a longer ceiling would move the onset earlier. With υ at the end it is
 * a plain hinge, with υ next to τ a jump. Errors over simulated onsets: climb.test.ts. Null with fewer than 6 points or
 * without a climb.
 */
export function climb(all: Points): Climb | null {
  if (all.length < 6) return null;
  const stride = Math.ceil(all.length / CLIMB_POINTS);
  const points = all.filter((_, i) => i % stride === 0 || i === all.length - 1);
  const n = points.length;
  const [origin, centre] = [points[0]!.step, mean(points)];
  const t = points.map(({ step }) => step - origin);
  const y = points.map(({ value }) => value - centre);
  const [st, stt, sy, sty] = [t, t.map((v) => v * v), y, t.map((v, i) => v * y[i]!)].map(sumsBefore) as Four;
  const total = y.reduce((sum, v) => sum + v * v, 0);
  let best: Climb | null = null;
  for (let i = 0; i < n - 2; i++) {
    for (let j = i + 1; j < n; j++) {
      const [from, width] = [t[i]!, t[j]! - t[i]!];
      const on = (sums: Float64Array) => sums[j]! - sums[i]!; // over the climb itself; what comes after it is 1
      const [inside, after] = [j - i, n - j];
      const sx = (on(st) - from * inside) / width + after;
      const sxx = (on(stt) - 2 * from * on(st) + from * from * inside) / (width * width) + after - (sx * sx) / n;
      const sxy = (on(sty) - from * on(sy)) / width - sy[j]!;
      const gain = (sxy * sxy) / (sxx * total);
      if (sxy > 0 && gain > (best?.gain ?? 0)) best = { step: points[i === 0 ? 0 : i + 1]!.step, by: sxy / sxx, gain };
    }
  }
  return best;
}

type Four = [Float64Array, Float64Array, Float64Array, Float64Array];

/** (n + 1) sums of the values before each index. */
function sumsBefore(values: readonly number[]): Float64Array {
  const sums = new Float64Array(values.length + 1);
  values.forEach((value, i) => {
    sums[i + 1] = sums[i]! + value;
  });
  return sums;
}
