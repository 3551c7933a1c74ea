import { expect, it } from 'vitest';
import { fakeMetrics } from '../test/fakeRun';
import { plotArea } from './plotArea';
import { plot } from './plots';
import { readingsAt } from './readings';

it('places the first and the last step at the edges of the plot, and finds steps again', () => {
  const area = plotArea({ width: 156, height: 130, first: 5, last: 25, low: -1, high: 1 });
  expect([area.x(5), area.x(25), area.stepAt(area.x(12))]).toEqual([46, 146, 12]);
  expect([area.y(1), area.y(0), area.y(-1)]).toEqual([8, 58, 108]);
});

it('places a single step in the middle', () => {
  const area = plotArea({ width: 156, height: 130, first: 5, last: 5, low: 0, high: 1 });
  expect([area.x(5), area.stepAt(100)]).toEqual([96, 5]);
});

it('reads the measured values of a step, then the band, and skips what the step does not have', () => {
  const metrics = [1, 2].map((step) => ({
    ...fakeMetrics(step),
    reward: 0.5,
    'reward/true': null,
    'reward/min': 0.25,
  }));
  const drawn = plot(
    [{ ...metrics[0]!, 'eval/frozen_score': 0.75 }, metrics[1]!],
    {
      lines: [
        { key: 'reward', hue: 'blue', label: 'Graded reward' },
        { key: 'reward/true', hue: 'orange' },
      ],
      points: [{ key: 'eval/frozen_score', hue: 'green', label: 'Held-out' }],
      band: { low: 'reward/min', high: 'reward/min', label: 'Range' },
    },
    { smoothing: true, points: 100 },
  );
  expect(readingsAt(drawn, 0)).toEqual([
    { label: 'Graded reward', text: '0.50' },
    { label: 'Held-out', text: '0.75' },
    { label: 'Range', text: '0.25 to 0.25' },
  ]);
  expect(readingsAt(drawn, 1).map(({ label }) => label)).toEqual(['Graded reward', 'Range']);
});
