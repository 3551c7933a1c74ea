import { describe, expect, it } from 'vitest';
import {
  mean,
  meanOrNull,
  median,
  middle95,
  populationDeviation,
  quantile,
  sampleDeviation,
  standardError,
  wilson,
} from './statistics';

describe('means and deviations', () => {
  it('has the mean', () => {
    expect(mean([1, 2, 6])).toBe(3);
    expect(mean(Float32Array.of(1, 2))).toBe(1.5);
    expect(mean([])).toBeNaN();
    expect([meanOrNull([]), meanOrNull([4])]).toEqual([null, 4]);
  });

  it('gives equal values their own value, bit for bit', () => {
    expect(mean([0.1, 0.1, 0.1])).toBe(0.1);
    expect(sampleDeviation([0.1, 0.1, 0.1])).toBe(0);
  });

  it('divides by n − 1 in a sample, by n in a population', () => {
    const values = [2, 4, 4, 4, 5, 5, 7, 9];
    expect(populationDeviation(values)).toBe(2);
    expect(sampleDeviation(values)).toBeCloseTo(Math.sqrt(32 / 7), 12);
    expect(standardError(values)).toBeCloseTo(Math.sqrt(32 / 7 / 8), 12);
    expect([sampleDeviation([1]), populationDeviation([])]).toEqual([Number.NaN, Number.NaN]);
    expect(populationDeviation([1])).toBe(0);
  });
});

describe('quantiles', () => {
  // numpy.quantile([10, 20, 30, 100], …)
  it.each([
    [0, 10],
    [0.1, 13],
    [0.5, 25],
    [0.9, 79],
    [1, 100],
  ])('%f of four values is %f', (share, expected) => {
    expect(quantile([30, 10, 100, 20], share)).toBeCloseTo(expected, 12);
  });

  it('takes the middle, or the mean of the two middle ones', () => {
    expect([median([3, 1, 2]), median([10, 20]), median([7])]).toEqual([2, 15, 7]);
    expect(median([])).toBeNaN();
  });

  it('sorts by number and leaves its input as it is', () => {
    const values = [100, 9, 20];
    expect(median(values)).toBe(20);
    expect(values).toEqual([100, 9, 20]);
  });

  it('leaves 2.5 % out on either side', () => {
    expect(middle95(Array.from({ length: 1001 }, (_, i) => i))).toEqual([25, 975]);
    expect(middle95([])).toEqual([Number.NaN, Number.NaN]);
  });
});

// Wilson's score interval without continuity correction: 95 % for 9 of 10, 0 of 10 and 50 of 100.
it.each([
  [9, 10, 0.5958, 0.9821],
  [0, 10, 0, 0.2775],
  [50, 100, 0.4038, 0.5962],
])('%i of %i lie between %f and %f', (hits, n, low, high) => {
  expect(wilson(hits, n)).toEqual([expect.closeTo(low, 4), expect.closeTo(high, 4)]);
});

it('knows nothing of a share without an answer', () => {
  expect(wilson(0, 0)).toEqual([0, 1]);
});
