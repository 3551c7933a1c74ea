import styles from './charts.module.css';

/** Shapes of Recharts' lines. Each is one path, however many steps there are. */

interface ShapeProps {
  readonly points?: readonly { readonly x: number | null; readonly y: number | null }[];
  readonly stroke?: string | undefined;
}

/** From here on points would run into each other. */
const MANY = 120;

/** Points as strokes of length zero. */
const dots = (points: NonNullable<ShapeProps['points']>): string =>
  points.map(({ x, y }) => (x === null || y === null ? '' : `M${x.toFixed(1)} ${y.toFixed(1)}h0`)).join('');

/** Measured values: faint points. */
export const RawPoints = ({ points = [], stroke }: ShapeProps) => (
  <path
    className={points.length > MANY ? `${styles.raw} ${styles.many}` : styles.raw}
    d={dots(points)}
    stroke={stroke}
  />
);

/** The points of a few steps: nothing is known between them. */
export const SparsePoints = ({ points = [], stroke }: ShapeProps) => (
  <path className={styles.sparse} d={dots(points)} stroke={stroke} />
);

/** A line, broken where there is no value. */
export function SmoothLine({ points = [], stroke }: ShapeProps) {
  let broken = true;
  const parts = points.map(({ x, y }) => {
    if (x === null || y === null) {
      broken = true;
      return '';
    }
    const part = `${broken ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`;
    broken = false;
    return part;
  });
  return <path className={styles.smooth} d={parts.join('')} stroke={stroke} />;
}
