/** Numbers for people: no meaningless digits, and a real minus sign. */

const sign = (text: string): string => text.replace('-', '−');

/** Three significant digits; powers of ten for the very small and the very large. */
export function formatNumber(value: number | null): string {
  if (value === null) return '–';
  if (!Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e6)) {
    const [digits, power] = value.toExponential(1).split('e');
    return sign(`${digits!.replace(/\.0$/, '')}e${Number(power)}`);
  }
  if (size >= 100) return sign(Math.round(value).toLocaleString('en'));
  return sign(value.toFixed(size >= 10 ? 1 : size >= 0.1 || size === 0 ? 2 : 3));
}

/** By the metric's unit: shares as percent, whole tokens, seconds as durations. */
export function formatMetric(value: number | null, unit: string): string {
  if (value === null) return '–';
  if (unit === '%') return formatShare(value);
  if (unit === 'tokens') return Math.round(value).toLocaleString('en');
  if (unit === 's') return formatSeconds(value);
  return formatNumber(value);
}

/** On an axis: no padding zeros. */
export function formatAxis(value: number, unit: string): string {
  if (value === 0) return '0';
  return unit === '%' ? sign(`${Number((100 * value).toPrecision(3))}%`) : formatMetric(value, unit);
}

export function formatShare(share: number): string {
  const percent = 100 * share;
  return sign(`${percent !== 0 && Math.abs(percent) < 10 ? percent.toFixed(1) : Math.round(percent)} %`);
}

export function formatChange(value: number, unit: string): string {
  const size = Math.abs(value);
  const text =
    unit === '%'
      ? plural(Math.round(100 * size), 'point')
      : unit === '' && size < 10
        ? size.toFixed(2)
        : formatMetric(size, unit);
  const none = !/[1-9]/.test(text);
  return `${none ? '±' : value < 0 ? '−' : '+'}${text}`;
}

export function formatSeconds(seconds: number): string {
  if (seconds < 0.95) return `${Math.round(1000 * seconds)} ms`;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  if (seconds < 59.5) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
}

/** Decimal units, as disks and downloads count. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 || value >= 99.5 ? Math.round(value) : Number(value.toPrecision(2))} ${units[unit]}`;
}

export function formatCount(count: number): string {
  if (count < 1e6) return count.toLocaleString('en');
  const [value, unit] = count < 1e9 ? [count / 1e6, 'M'] : [count / 1e9, 'B'];
  return `${Number(value.toPrecision(3))} ${unit}`;
}

/** "1 row", "2 rows". */
export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${count.toLocaleString('en')} ${count === 1 ? one : many}`;

export function formatWhen(iso: string, now = new Date()): string {
  const when = new Date(iso);
  if (Number.isNaN(when.getTime())) return iso;
  const time = when.toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  return when.toDateString() === now.toDateString()
    ? `today ${time}`
    : `${when.toLocaleDateString(undefined, { day: 'numeric', month: 'short' })} ${time}`;
}
