import { expect, it } from 'vitest';
import {
  formatBytes,
  formatChange,
  formatCount,
  formatMetric,
  formatNumber,
  formatSeconds,
  formatShare,
  plural,
} from './format';

it.each([
  [0, '0.00'],
  [0.7134, '0.71'],
  [-0.324, '−0.32'],
  [0.0123, '0.012'],
  [0.000002, '2e−6'],
  [12.34, '12.3'],
  [1234.5, '1,235'],
  [null, '–'],
])('writes %s as %s', (value, text) => {
  expect(formatNumber(value)).toBe(text);
});

it('writes shares, tokens and times with their units', () => {
  expect(formatShare(0.004)).toBe('0.4 %');
  expect(formatShare(0.58)).toBe('58 %');
  expect(formatMetric(231.4, 'tokens')).toBe('231');
  expect(formatChange(-0.03, '%')).toBe('−3 points');
  expect(formatChange(0.01, '%')).toBe('+1 point');
  expect(formatChange(0.094, '')).toBe('+0.09');
  expect(formatChange(-0.001, '')).toBe('±0.00');
  expect(formatSeconds(0.25)).toBe('250 ms');
  expect(formatSeconds(59)).toBe('59 s');
  expect(formatSeconds(60)).toBe('1 min');
  expect(formatSeconds(3900)).toBe('1 h 05 min');
});

it('counts in decimal units', () => {
  expect(formatBytes(0)).toBe('0 B');
  expect(formatBytes(3_680_000)).toBe('3.7 MB');
  expect(formatBytes(999_600)).toBe('1 MB');
  expect(formatCount(751_000_000)).toBe('751 M');
  expect(formatCount(5000)).toBe('5,000');
  expect(plural(1, 'row')).toBe('1 row');
  expect(plural(2, 'criterion', 'criteria')).toBe('2 criteria');
});
