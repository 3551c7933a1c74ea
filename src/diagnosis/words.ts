/** Numbers in sentences: no meaningless digits, and a real minus sign. */
const signed = (text: string): string => text.replace('-', '−');

export const share = (value: number): string =>
  signed(`${Math.abs(value) < 0.0995 && value !== 0 ? (100 * value).toFixed(1) : Math.round(100 * value)} %`);

export function number(value: number): string {
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e5)) return signed(value.toExponential(1));
  if (size < 0.1) return signed(String(Number(value.toPrecision(2))));
  return signed(value.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : 2));
}

/** With the metric's unit. */
export const inUnit = (value: number, unit: string): string =>
  unit === '%' ? share(value) : `${unit === 'tokens' ? Math.round(value) : number(value)} ${unit}`.trim();
