import type { Hue } from './plots';

export const HUES: Readonly<Record<Hue, string>> = {
  blue: 'var(--series-blue)',
  orange: 'var(--series-orange)',
  green: 'var(--series-green)',
  purple: 'var(--series-purple)',
  grey: 'var(--series-grey)',
};
