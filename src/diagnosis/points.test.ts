import { expect, it } from 'vitest';
import { between, change, climb, line, onset, type Point, recent } from './points';

const points = (...values: number[]): Point[] => values.map((value, i) => ({ step: i + 1, value }));

it('finds where a level that holds now began, over one odd value', () => {
  const values = points(0, 0, 0, 9, 0, 0, 0, 0, 9, 9, 0, 9, 9, 9);
  expect(onset(values, (value) => value > 4)).toBe(9);
  expect(onset(points(1), (value) => value > 4)).toBe(1);
});

it('compares the first quarter with the last', () => {
  const rising = change(points(...Array.from({ length: 40 }, (_, i) => i + (i % 2))))!;
  expect(rising.by).toBe(30);
  expect(rising.z).toBeGreaterThan(10);
  expect(change(points(1, 2, 3, 4, 5))).toBeNull();
  expect(between(points(1, 1), points(1, 1)).z).toBe(0);
});

it('draws a line, and is not sure of one through a random walk', () => {
  const exact = line(points(1, 3, 5, 7, 9))!;
  expect([exact.at, exact.slope]).toEqual([expect.closeTo(-1), expect.closeTo(2)]);
  expect(line(points(1, 3, 5))).toBeNull();
  const wave = line(points(...Array.from({ length: 40 }, (_, i) => Math.sin(i / 6))))!;
  expect(Math.abs(wave.t)).toBeLessThan(3);
});

it('finds where a climb begins, also in a long run and where a ceiling follows', () => {
  const rise = (n: number, from: number, ceiling = n) =>
    points(
      ...Array.from({ length: n }, (_, i) => 0.02 * (Math.min(ceiling, Math.max(from, i + 1)) - from) + 0.01 * (i % 2)),
    );
  expect(Math.abs(climb(rise(60, 25))!.step - 25)).toBeLessThanOrEqual(2);
  expect(Math.abs(climb(rise(60, 25, 40))!.step - 25)).toBeLessThanOrEqual(2);
  expect(Math.abs(climb(rise(3000, 1500))!.step - 1500)).toBeLessThanOrEqual(26);
  expect(climb(points(0, 0, 0, 0, 3, 3, 3, 3))).toMatchObject({
    step: 5,
    by: expect.closeTo(3),
    gain: expect.closeTo(1),
  });
  expect(climb(points(0, 1, 2, 3, 4, 5))!.step).toBe(1);
  expect(climb(points(5, 4, 3, 2, 1, 0))).toBeNull();
  expect(climb(points(1, 1, 1, 1, 1, 1))).toBeNull();
  expect(climb(points(1, 2, 3, 4, 5))).toBeNull();
});

it('has no recent value before there are enough', () => {
  expect(recent(points(1, 2))).toBeNull();
  expect(recent(points(1, 2), 2, 2)).toBe(1.5);
});
