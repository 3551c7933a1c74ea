import { METRICS, type MetricKey, type StepMetrics } from '../../domain/metrics/metrics';
import type { WarmStartMetrics } from '../../domain/metrics/warmStartMetrics';
import { hasValues, seriesOf, stepsOf } from './metricsTable';
import { keepShape, type Series, smooth } from './series';

/** Colours by meaning; the page gives each its shade in light and dark. */
export type Hue = 'blue' | 'orange' | 'green' | 'purple' | 'grey';

export interface Line {
  readonly label: string;
  readonly hue: Hue;
  /** The measured values: drawn as faint points. */
  readonly raw: Series;
  /** Their moving average: drawn strong. */
  readonly smooth: Series;
}

/** Numbers of a few steps, with intervals where they have them. */
export interface Points {
  readonly label: string;
  readonly hue: Hue;
  readonly values: Series;
  readonly low: Series;
  readonly high: Series;
}

/** What a line chart draws: (n) steps and as many values in each series. */
export interface Plot {
  readonly keys: readonly MetricKey[];
  readonly unit: string;
  readonly steps: readonly number[];
  readonly lines: readonly Line[];
  readonly points: readonly Points[];
  readonly band: { readonly label: string; readonly low: Series; readonly high: Series } | null;
  /** A level to compare with, e.g. the length limit. */
  readonly level: { readonly label: string; readonly value: number } | null;
  /** Parts of a whole: areas on top of each other instead of lines. */
  readonly stacked: boolean;
}

export interface PlotSpec {
  readonly lines: readonly { readonly key: MetricKey; readonly hue: Hue; readonly label?: string }[];
  readonly points?: readonly {
    readonly key: MetricKey;
    readonly hue: Hue;
    readonly label: string;
    readonly interval?: readonly [low: MetricKey, high: MetricKey];
  }[];
  readonly band?: { readonly low: MetricKey; readonly high: MetricKey; readonly label: string };
  readonly level?: { readonly label: string; readonly value: number };
  readonly stacked?: boolean;
}

/**
 * Averages over about an eighth of the run, at most 40 steps: with few steps a long average would only show where it
 * began, with many a short one would show noise.
 */
export function smoothingWeight(steps: number): number {
  const window = Math.min(40, Math.max(1.5, steps / 8));
  return 1 - 1 / window;
}

/** Smooths over every step, then keeps at most `points` of them. Lines without values are dropped. */
export function plot(
  metrics: readonly StepMetrics[],
  spec: PlotSpec,
  { smoothing, points }: { smoothing: boolean; points: number },
): Plot {
  const weight = smoothing ? smoothingWeight(metrics.length) : 0;
  const lines = spec.lines
    .map(({ key, hue, label }) => ({ key, hue, label: label ?? METRICS[key].title, raw: seriesOf(metrics, key) }))
    .filter(({ raw }) => hasValues(raw));
  const sparse = (spec.points ?? []).filter(({ key }) => hasValues(seriesOf(metrics, key)));
  const rows = withPoints(
    keepShape(lines[0]?.raw ?? seriesOf(metrics, 'reward'), points),
    sparse.map(({ key }) => seriesOf(metrics, key)),
    points,
  );
  const pick = (series: Series): Series => rows.map((row) => series[row] ?? null);
  const steps = stepsOf(metrics);
  return {
    keys: spec.lines.map(({ key }) => key),
    unit: METRICS[spec.lines[0]!.key].unit,
    steps: rows.map((row) => steps[row]!),
    lines: lines.map(({ label, hue, raw }) => ({
      label,
      hue,
      raw: pick(raw),
      smooth: pick(smooth(raw, weight)),
    })),
    points: sparse.map(({ key, hue, label, interval }) => ({
      label,
      hue,
      values: pick(seriesOf(metrics, key)),
      low: interval ? pick(seriesOf(metrics, interval[0])) : [],
      high: interval ? pick(seriesOf(metrics, interval[1])) : [],
    })),
    band: spec.band
      ? {
          label: spec.band.label,
          low: pick(seriesOf(metrics, spec.band.low)),
          high: pick(seriesOf(metrics, spec.band.high)),
        }
      : null,
    level: spec.level ?? null,
    stacked: spec.stacked ?? false,
  };
}

/** The loss of the supervised steps before a run, as `plot` draws the numbers of its steps. */
export function warmStartPlot(
  steps: readonly WarmStartMetrics[],
  { smoothing, points }: { smoothing: boolean; points: number },
): Plot {
  const raw = steps.map(({ loss }) => (Number.isFinite(loss) ? loss : null));
  const smoothed = smooth(raw, smoothing ? smoothingWeight(steps.length) : 0);
  const rows = keepShape(raw, points);
  const pick = (series: Series): Series => rows.map((row) => series[row] ?? null);
  return {
    keys: [],
    unit: '',
    steps: rows.map((row) => steps[row]!.step),
    lines: [{ label: 'Loss', hue: 'blue', raw: pick(raw), smooth: pick(smoothed) }],
    points: [],
    band: null,
    level: null,
    stacked: false,
  };
}

/** The rows with those of sparse numbers, which a thinned line may have left out; at most `most` of these. */
function withPoints(rows: readonly number[], sparse: readonly Series[], most: number): number[] {
  const own = [...new Set(sparse.flatMap((series) => series.flatMap((value, row) => (value === null ? [] : [row]))))];
  const stride = Math.max(1, Math.ceil(own.length / most));
  const kept = own.sort((a, b) => a - b).filter((_, i) => (own.length - 1 - i) % stride === 0);
  return [...new Set([...rows, ...kept])].sort((a, b) => a - b);
}

/** Room above and below a line that does not move. */
const flatRoom = (value: number, unit: string): number =>
  unit === '%' ? 0.05 : unit === 'tokens' ? 4 : Math.max(0.1 * Math.abs(value), 1e-6);

/** Lowest and highest value drawn, a little room included; null when nothing is drawn. */
export function extent({ lines, points, band, level, stacked, unit }: Plot): { low: number; high: number } | null {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  const see = (series: Series) => {
    for (const value of series) {
      if (value === null) continue;
      if (value < low) low = value;
      if (value > high) high = value;
    }
  };
  if (stacked && lines.length > 0) see([0, ...sums(lines)]);
  else for (const line of lines) see(line.raw);
  for (const { values, low: from, high: to } of points) for (const series of [values, from, to]) see(series);
  if (band) {
    see(band.low);
    see(band.high);
  }
  if (low > high) return null;
  // A limit far above everything would squash the lines.
  if (level && level.value <= high + (high - low)) see([level.value]);
  const room = high > low ? 0.04 * (high - low) : flatRoom(high, unit);
  // A share below 0 % or above 100 % would be nonsense on the axis.
  const isShare = unit === '%' && low >= 0 && high <= 1;
  return {
    low: isShare || stacked ? Math.max(0, low - room) : low - room,
    high: isShare ? Math.min(1, high + room) : high + room,
  };
}

/** (n) The whole that stacked lines are parts of; a missing part counts 0. */
const sums = (lines: readonly Line[]): number[] =>
  lines[0]!.raw.map((_, i) => lines.reduce((sum, { raw }) => sum + (raw[i] ?? 0), 0));

/** The values of the last step: one a line, or their sum where they are stacked. */
export function latest({ lines, stacked }: Plot): Series {
  return stacked && lines.length > 0 ? sums(lines).slice(-1) : lines.map(({ raw }) => raw.at(-1) ?? null);
}

/** Index of the plotted step nearest to `step`; null when nothing is plotted. */
export function nearest(steps: readonly number[], step: number): number | null {
  if (steps.length === 0) return null;
  let from = 0;
  let to = steps.length - 1;
  while (from < to) {
    const middle = (from + to) >> 1;
    if (steps[middle]! < step) from = middle + 1;
    else to = middle;
  }
  return from > 0 && step - steps[from - 1]! <= steps[from]! - step ? from - 1 : from;
}
