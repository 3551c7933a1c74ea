import { formatNumber } from '../shell/format';

/** Saved JSON has null for no value, fresh results have NaN: both show a dash. */
export const number = (value: number | null): string =>
  formatNumber(value === null || !Number.isFinite(value) ? null : value);

/** A score, to two decimals: more would be noise. */
export const score = (value: number | null): string =>
  value === null || !Number.isFinite(value) ? '–' : value.toFixed(2).replace('-', '−');

export const interval = ([low, high]: readonly [number | null, number | null]): string =>
  `${score(low)} to ${score(high)}`;

export const signed = (value: number): string =>
  Number.isFinite(value) && value > 0 ? `+${score(value)}` : score(value);
