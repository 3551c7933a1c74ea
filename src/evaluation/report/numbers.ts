/** Numbers of a report: no meaningless digits, a real minus sign, a dash for no value. */
const known = (value: number | null, text: (value: number) => string): string =>
  value === null || !Number.isFinite(value) ? '–' : text(value).replace('-', '−');

export const score = (value: number | null): string => known(value, (known) => known.toFixed(3));
export const share = (value: number | null): string =>
  known(value, (known) => `${(100 * known).toFixed(known < 0.1 ? 1 : 0)} %`);
export const whole = (value: number | null): string => known(value, (known) => Math.round(known).toLocaleString('en'));
export const points = (value: number): string => `${value > 0 ? '+' : value < 0 ? '−' : ''}${Math.abs(value)}`;
export const change = (value: number): string => known(value, (known) => `${known > 0 ? '+' : ''}${known.toFixed(3)}`);
export const interval = ([low, high]: readonly [number, number]): string => `${score(low)} to ${score(high)}`;
