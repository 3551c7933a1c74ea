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
