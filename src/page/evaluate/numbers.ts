import { formatNumber } from '../shell/format';

/** What was kept as JSON has null where there is no value, what comes fresh has NaN: a dash either way. */
export const number = (value: number | null): string =>
  formatNumber(value === null || !Number.isFinite(value) ? null : value);

/** A score: two digits after the point mean something, no more. */
export const score = (value: number | null): string =>
  value === null || !Number.isFinite(value) ? '–' : value.toFixed(2).replace('-', '−');

export const interval = ([low, high]: readonly [number | null, number | null]): string =>
  `${score(low)} to ${score(high)}`;

export const signed = (value: number): string =>
  Number.isFinite(value) && value > 0 ? `+${score(value)}` : score(value);
