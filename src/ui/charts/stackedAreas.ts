import { bandPath, niceTicks, scale } from '../../store/scale';

/** Areas piled on each other, (n) steps each, as SVG paths; a single step is drawn as a narrow block. */
export function stackedAreas(
  steps: readonly number[],
  series: readonly (readonly number[])[],
  width: number,
  height: number,
): { paths: string[]; ticks: { value: number; y: number }[] } {
  if (steps.length === 0 || width < 80) return { paths: [], ticks: [] };
  const totals = steps.map((_, i) => series.reduce((sum, values) => sum + (values[i] ?? 0), 0));
  const most = Math.max(...totals, 1e-9);
  const y = scale(0, most * 1.05, height - 22, 8);
  const x = scale(steps[0]!, steps.at(-1)!, 46, width - 10);
  const xs = steps.length === 1 ? [x(steps[0]!) - 12, x(steps[0]!) + 12] : steps.map(x);
  const spread = (values: number[]) => (values.length === 1 ? [values[0]!, values[0]!] : values);
  let below = steps.map(() => 0);
  const paths = series.map((values) => {
    const above = below.map((base, i) => base + (values[i] ?? 0));
    const path = bandPath(xs, spread(below).map(y), spread(above).map(y));
    below = above;
    return path;
  });
  return { paths, ticks: niceTicks(0, most, 2).map((value) => ({ value, y: y(value) })) };
}
