import { expect, it } from 'vitest';
import { fakeMetrics } from '../test/fakeRun';
import { extent, latest, nearest, type PlotSpec, plot, smoothingWeight, warmStartPlot } from './plots';

const spec: PlotSpec = {
  lines: [
    { key: 'reward', hue: 'blue' },
    { key: 'kl', hue: 'orange' },
  ],
  band: { low: 'reward/min', high: 'reward/max', label: 'range' },
};
const SMOOTH = { smoothing: true, points: 200 };
const metrics = Array.from({ length: 3000 }, (_, i) => fakeMetrics(i + 1));

it('draws no more of the steps than asked, and no line for numbers that never exist', () => {
  const drawn = plot(metrics, spec, SMOOTH);
  expect(drawn.steps.length).toBeLessThanOrEqual(200);
  expect(drawn.steps[0]).toBe(1);
  expect(drawn.steps.at(-1)).toBe(3000);
  expect(drawn.lines.map(({ label }) => label)).toEqual(['Reward']);
  expect(drawn.lines[0]!.raw).toHaveLength(drawn.steps.length);
});

it('draws the loss of a warm start by its own steps, and no more of them than asked', () => {
  const steps = Array.from({ length: 500 }, (_, i) => ({
    step: i + 1,
    steps: 500,
    loss: i === 3 ? Number.NaN : 3 / (i + 1),
    grad_norm: 1,
    documents: 2,
    too_long: 0,
    step_time: 0.1,
  }));
  const drawn = warmStartPlot(steps, { smoothing: false, points: 120 });
  expect(drawn.steps.length).toBeLessThanOrEqual(120);
  expect([drawn.steps[0], drawn.steps.at(-1)]).toEqual([1, 500]);
  expect(drawn.lines[0]!.raw[0]).toBe(3);
  expect(drawn.lines[0]!.smooth).toEqual(drawn.lines[0]!.raw);
  expect(extent(drawn)!.high).toBeCloseTo(3, 0);
  expect(warmStartPlot(steps.slice(0, 5), { smoothing: true, points: 120 }).lines[0]!.smooth[3]).toBeNull();
});

it('smooths every step before it leaves some out', () => {
  const all = plot(metrics.slice(0, 1200), spec, SMOOTH);
  const raw = metrics.slice(0, 1200).map(({ reward }) => reward!);
  const weight = smoothingWeight(1200);
  let sum = 0;
  let norm = 0;
  for (const value of raw) {
    sum = weight * sum + value;
    norm = weight * norm + 1;
  }
  expect(all.lines[0]!.smooth.at(-1)).toBeCloseTo(sum / norm, 12);
});

it('smooths over more steps the longer the run is', () => {
  expect(smoothingWeight(1)).toBeCloseTo(1 / 3);
  expect(smoothingWeight(80)).toBe(0.9);
  expect(smoothingWeight(100_000)).toBe(0.975);
  expect(plot(metrics.slice(0, 9), spec, { ...SMOOTH, smoothing: false }).lines[0]!.smooth).toEqual(
    plot(metrics.slice(0, 9), spec, { ...SMOOTH, smoothing: false }).lines[0]!.raw,
  );
});

it('is empty before the first step', () => {
  const drawn = plot([], spec, SMOOTH);
  expect(drawn.steps).toEqual([]);
  expect(extent(drawn)).toBeNull();
});

it('takes the band into its extent, with a little room', () => {
  const range = extent(plot([fakeMetrics(1)], spec, SMOOTH))!;
  expect(range.low).toBeLessThan(fakeMetrics(1)['reward/min']!);
  expect(range.high).toBeGreaterThan(fakeMetrics(1)['reward/max']!);
});

it('keeps shares between 0 and 100 %, also when they do not move', () => {
  const flat = (value: number) =>
    extent(
      plot(
        [{ ...fakeMetrics(1), 'grader/ungraded': value }],
        { lines: [{ key: 'grader/ungraded', hue: 'blue' }] },
        SMOOTH,
      ),
    );
  expect(flat(0)).toEqual({ low: 0, high: 0.05 });
  expect(flat(1)).toEqual({ low: 0.95, high: 1 });
});

it('finds the nearest plotted step', () => {
  expect(nearest([1, 5, 9], 6)).toBe(1);
  expect(nearest([1, 5, 9], 8)).toBe(2);
  expect(nearest([1, 5, 9], 99)).toBe(2);
  expect(nearest([1, 5, 9], -4)).toBe(0);
  expect(nearest([], 3)).toBeNull();
});

it('stacks parts of a whole from zero to the largest sum', () => {
  const stacked: PlotSpec = {
    stacked: true,
    lines: [
      { key: 'time/rollout', hue: 'blue' },
      { key: 'time/grade', hue: 'orange' },
    ],
  };
  const times = [
    [1, 2],
    [4, 1],
    [2, null],
  ] as const;
  const drawn = plot(
    times.map(([rollout, grade], i) => ({ ...fakeMetrics(i + 1), 'time/rollout': rollout, 'time/grade': grade })),
    stacked,
    SMOOTH,
  );
  expect(extent(drawn)!.low).toBe(0);
  expect(extent(drawn)!.high).toBeCloseTo(5.2);
  expect(latest(drawn)).toEqual([2]);
  expect(latest({ ...drawn, stacked: false })).toEqual([2, null]);
});

it('keeps sparse points of a thinned line, with their intervals', () => {
  const sparse: PlotSpec = {
    ...spec,
    points: [
      { key: 'eval/frozen_score', hue: 'green', label: 'held-out', interval: ['eval/score_low', 'eval/score_high'] },
    ],
  };
  const evaluated = metrics.map((line) =>
    line.step % 500 === 0
      ? { ...line, 'eval/frozen_score': 9, 'eval/score_low': 8, 'eval/score_high': 10 }
      : { ...line, 'eval/frozen_score': null },
  );
  const drawn = plot(evaluated, sparse, SMOOTH);
  const [points] = drawn.points;
  expect(drawn.steps.filter((_, i) => points!.values[i] !== null)).toEqual([500, 1000, 1500, 2000, 2500, 3000]);
  expect(points!.high.filter((value) => value !== null)).toHaveLength(6);
  expect(extent(drawn)!.high).toBeGreaterThan(10);
  expect(
    plot(
      metrics.map((line) => ({ ...line, 'eval/frozen_score': null })),
      sparse,
      SMOOTH,
    ).points,
  ).toEqual([]);
  // However many there are, not more than twice the points asked for.
  const all = metrics.map((line) => ({ ...line, 'eval/frozen_score': 1 }));
  expect(plot(all, sparse, SMOOTH).steps.length).toBeLessThanOrEqual(400);
});
