import styles from './charts.module.css';

interface Props {
  readonly points?: readonly { readonly x: number | null; readonly y: number | null }[];
  readonly stroke?: string | undefined;
}

/** From here on points would run into each other. */
const MANY = 120;

/**
 * The shape of a line of measured values: its points, as strokes of length zero. One element, however many there are.
 */
export function RawPoints({ points = [], stroke }: Props) {
  const d = points.map(({ x, y }) => (x === null || y === null ? '' : `M${x.toFixed(1)} ${y.toFixed(1)}h0`)).join('');
  return <path className={points.length > MANY ? `${styles.raw} ${styles.many}` : styles.raw} d={d} stroke={stroke} />;
}
