import { describe, expect, it } from 'vitest';
import { keepShape, mean, smooth, trend } from './series';

describe('smooth', () => {
  it('corrects the start, so that the first value is itself', () => {
    // weights 1 and 0.5: (0.5·2 + 1·4) / 1.5
    expect(smooth([2, 4], 0.5)).toEqual([2, 5 / 1.5]);
  });

  it('keeps gaps, and is not moved by them', () => {
    expect(smooth([1, null, 1], 0.9)).toEqual([1, null, 1]);
    expect(smooth([1, Number.NaN, 3], 0)).toEqual([1, null, 3]);
  });
});

describe('keepShape', () => {
  it('keeps every row of a short series', () => {
    expect(keepShape([3, 1, 2], 3)).toEqual([0, 1, 2]);
    expect(keepShape([], 3)).toEqual([]);
  });

  it('keeps no more of many rows than asked, the ends and the spikes among them', () => {
    const values = Array.from({ length: 10_000 }, (_, i) => Math.sin(i / 300));
    values[4321] = 50;
    values[7777] = -50;
    const rows = keepShape(values, 200);
    expect(rows.length).toBeLessThanOrEqual(200);
    expect(rows).toEqual([...rows].sort((a, b) => a - b));
    expect(rows).toContain(0);
    expect(rows).toContain(9999);
    expect(rows).toContain(4321);
    expect(rows).toContain(7777);
  });

  it('finds the spike beside gaps', () => {
    const values = Array.from({ length: 2000 }, (_, i): number | null => (i % 3 === 0 ? 1 : null));
    values[1000] = 9;
    expect(keepShape(values, 100)).toContain(1000);
  });
});

it('means leave out what is not there', () => {
  expect(mean([1, null, 3])).toBe(2);
  expect(mean([null])).toBeNull();
});

it('compares the first steps with the last, never the same step with itself twice', () => {
  expect(trend([1, 2, 3, 4])).toEqual({ start: 1.5, now: 3.5 });
  expect(trend([7])).toEqual({ start: 7, now: 7 });
  expect(trend([])).toEqual({ start: null, now: null });
});
