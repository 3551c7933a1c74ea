/** Maps [from, to] linearly onto [start, end]; a single value maps onto the middle. */
export function scale(from: number, to: number, start: number, end: number): (value: number) => number {
  if (from === to) return () => (start + end) / 2;
  const slope = (end - start) / (to - from);
  return (value) => start + (value - from) * slope;
}

/** About `count` round numbers inside [low, high]. */
export function niceTicks(low: number, high: number, count: number): number[] {
  if (!(high > low)) return [low];
  const range = high - low;
  const power = 10 ** Math.floor(Math.log10(range / count));
  const size = [1, 2, 5, 10].map((step) => step * power).find((step) => range / step <= count * 1.5)!;
  const ticks: number[] = [];
  for (let tick = Math.ceil(low / size) * size; tick <= high + size * 1e-9; tick += size) {
    // Sums of 0.1 drift; a tick has no more digits than its distance.
    ticks.push(Number(tick.toFixed(Math.max(0, -Math.floor(Math.log10(size))))));
  }
  return ticks;
}

/** SVG path through the points; a gap lifts the pen. */
export function linePath(xs: readonly number[], ys: readonly (number | null)[]): string {
  let path = '';
  let down = false;
  for (let i = 0; i < xs.length; i++) {
    const y = ys[i] ?? null;
    if (y === null) {
      down = false;
      continue;
    }
    path += `${down ? 'L' : 'M'}${xs[i]!.toFixed(1)} ${y.toFixed(1)}`;
    down = true;
  }
  return path;
}

/** One dot for each point, as zero-length strokes: a single element however many there are. */
export function dotPath(xs: readonly number[], ys: readonly (number | null)[]): string {
  let path = '';
  for (let i = 0; i < xs.length; i++) {
    const y = ys[i] ?? null;
    if (y !== null) path += `M${xs[i]!.toFixed(1)} ${y.toFixed(1)}h0`;
  }
  return path;
}

/** Closed area between two lines, over the stretch where both exist. */
export function bandPath(
  xs: readonly number[],
  lows: readonly (number | null)[],
  highs: readonly (number | null)[],
): string {
  const there = xs.map((_, i) => i).filter((i) => lows[i] != null && highs[i] != null);
  if (there.length === 0) return '';
  const up = there.map((i) => `${xs[i]!.toFixed(1)} ${highs[i]!.toFixed(1)}`);
  const back = there.reverse().map((i) => `${xs[i]!.toFixed(1)} ${lows[i]!.toFixed(1)}`);
  return `M${[...up, ...back].join('L')}Z`;
}
