import { expect, it } from 'vitest';
import { dots, intervals, polyline } from './paths';
import { plotArea } from './plotArea';

/** Steps 1 to 5 at 46, 71, 96, 121, 146 pixels; 0 at 108 pixels, 1 at 8. */
const area = plotArea({ width: 156, height: 130, first: 1, last: 5, low: 0, high: 1 });
const steps = [1, 2, 3, 4, 5];

it('breaks a line where a step has no value', () => {
  expect(polyline(area, steps, [0, 1, null, 0.5, 0])).toBe('M46.0 108.0L71.0 8.0M121.0 58.0L146.0 108.0');
  expect(polyline(area, steps, [null, null, 0, null, null])).toBe('M96.0 108.0');
});

it('draws a point for each value', () => {
  expect(dots(area, steps, [0, null, 1, null, null])).toBe('M46.0 108.0h0M96.0 8.0h0');
});

it('draws an interval from end to end, and none without both', () => {
  expect(intervals(area, steps, [0, 0.5, null], [1, null, 1])).toBe(
    'M46.0 108.0V8.0M46.0 108.0m-3 0h6M46.0 8.0m-3 0h6',
  );
});
