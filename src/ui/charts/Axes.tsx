import { formatMetric } from '../../store/format';
import styles from './charts.module.css';
import type { PlotFrame } from './frameOf';

export function Axes({ frame, unit }: { frame: PlotFrame; unit: string }) {
  const { left, right, bottom, x, y, xTicks, yTicks } = frame;
  return (
    <g>
      {yTicks.map((tick) => (
        <g key={tick}>
          <line className={styles.grid} x1={left} x2={right} y1={y(tick)} y2={y(tick)} />
          <text className={styles.tick} x={left - 8} y={y(tick) + 4} textAnchor="end">
            {tickText(tick, unit)}
          </text>
        </g>
      ))}
      {xTicks.map((tick) => (
        <text key={tick} className={styles.tick} x={x(tick)} y={bottom + 17} textAnchor="middle">
          {tick}
        </text>
      ))}
    </g>
  );
}

const tickText = (tick: number, unit: string): string =>
  tick === 0
    ? '0'
    : unit === '%'
      ? `${Number((100 * tick).toPrecision(3))}%`.replace('-', '−')
      : formatMetric(tick, unit);
