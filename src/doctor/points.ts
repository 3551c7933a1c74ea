import type { MetricKey, StepMetrics } from '../config/metrics';

/** One measured value; steps without one are left out, so that sparse metrics stay sparse. */
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

export const mean = (points: Points): number => points.reduce((sum, { value }) => sum + value, 0) / points.length;

/** Values taken together when a level is judged: one odd step is no finding. */
export const RECENT = 5;

/** Mean of the newest values; null while there are fewer than `least`. */
export const recent = (points: Points, count = RECENT, least = 3): number | null =>
  points.length < least ? null : mean(points.slice(-count));

/** Mean of the first values. */
export const first = (points: Points, count = RECENT): number =>
  mean(points.slice(0, Math.max(1, Math.min(count, Math.floor(points.length / 2)))));

/**
 * The step at which a level that holds now began: going back from the end while means of RECENT values satisfy `beyond`, then the first value
 * of that stretch that does so by itself.
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
  const squares = (part: Points, centre: number) => part.reduce((sum, { value }) => sum + (value - centre) ** 2, 0);
  const freedom = early.length + late.length - 2;
  const variance = freedom > 0 ? (squares(early, before) + squares(late, now)) / freedom : 0;
  const error = Math.sqrt(variance * (1 / early.length + 1 / late.length));
  const by = now - before;
  return { before, now, by, z: by === 0 ? 0 : by / Math.max(error, 1e-12) };
}

/** Least-squares line: value ≈ at + slope · step. `t` is the slope in standard errors, widened for neighbours that move together. */
export function line(points: Points): { at: number; slope: number; t: number } | null {
  const n = points.length;
  if (n < 4) return null;
  const x = points.reduce((sum, { step }) => sum + step, 0) / n;
  const y = mean(points);
  const sxx = points.reduce((sum, { step }) => sum + (step - x) ** 2, 0);
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

/** More points than this add nothing to where a change began. */
const HINGE_POINTS = 240;

/**
 * Change-point of a level that begins to climb: least squares of value ≈ a + b · max(0, step − τ) over every τ. `gain` is the share of the variance
 * that it explains. Null with fewer than 6 points.
 */
export function hinge(all: Points): { step: number; slope: number; gain: number } | null {
  if (all.length < 6) return null;
  const stride = Math.ceil(all.length / HINGE_POINTS);
  const points = all.filter((_, i) => i % stride === 0 || i === all.length - 1);
  const y = mean(points);
  const total = points.reduce((sum, { value }) => sum + (value - y) ** 2, 0);
  let best: { step: number; slope: number; gain: number } | null = null;
  for (const { step } of points.slice(0, -2)) {
    const ramp = points.map((point) => Math.max(0, point.step - step));
    const x = ramp.reduce((a, b) => a + b, 0) / ramp.length;
    const sxx = ramp.reduce((sum, r) => sum + (r - x) ** 2, 0);
    const slope = points.reduce((sum, { value }, i) => sum + (ramp[i]! - x) * (value - y), 0) / sxx;
    const gain = total === 0 ? 0 : (slope * slope * sxx) / total;
    if (slope > 0 && gain > (best?.gain ?? 0)) best = { step, slope, gain };
  }
  return best;
}
