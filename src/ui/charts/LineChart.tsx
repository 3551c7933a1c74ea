import { useElementSize } from '@mantine/hooks';
import { type KeyboardEvent, memo, type PointerEvent } from 'react';
import { formatMetric } from '../../store/format';
import { nearest, type Plot } from '../../store/plots';
import { hover, viewStore } from '../../store/viewStore';
import { Axes } from './Axes';
import { Cursor } from './Cursor';
import styles from './charts.module.css';
import { frameOf } from './frameOf';
import { Marks } from './Marks';

interface Props {
  readonly plot: Plot;
  readonly height: number;
  readonly title: string;
  readonly onOpen: (step: number) => void;
}

/**
 * Plain SVG rather than a chart library: a step adds a point to ten charts at once, and all of them have to be redrawn well within
 * the 50 ms that keep the page responsive. The cursor is a layer of its own, so that moving it draws nothing else again.
 */
export const LineChart = memo(function LineChart({ plot, height, title, onOpen }: Props) {
  const { ref, width } = useElementSize();
  const frame = frameOf(plot, width, height);
  const last = plot.steps.length - 1;

  const point = (event: PointerEvent<SVGSVGElement>) => {
    if (!frame) return;
    const x = event.clientX - event.currentTarget.getBoundingClientRect().left;
    const share = Math.min(1, Math.max(0, (x - frame.left) / Math.max(1, frame.right - frame.left)));
    const [from, to] = [plot.steps[0]!, plot.steps[last]!];
    hover(plot.steps[nearest(plot.steps, from + share * (to - from)) ?? 0] ?? null);
  };
  const press = (event: KeyboardEvent) => {
    const at = viewStore.getState().hoverStep;
    const i = at === null ? last : (nearest(plot.steps, at) ?? last);
    const next = { ArrowLeft: i - 1, ArrowRight: i + 1, Home: 0, End: last }[event.key];
    if (next !== undefined) {
      event.preventDefault();
      hover(plot.steps[Math.min(last, Math.max(0, next))] ?? null);
    } else if (event.key === 'Enter' && plot.steps[i] !== undefined) onOpen(plot.steps[i]);
  };
  const open = () => {
    const { hoverStep } = viewStore.getState();
    if (hoverStep !== null) onOpen(hoverStep);
  };
  const latest = plot.lines[0]?.smooth[last] ?? null;
  return (
    <div
      ref={ref}
      className={styles.plot}
      style={{ height }}
      role="slider"
      tabIndex={0}
      aria-label={`${title} by step. Arrow keys move, Enter opens the step.`}
      aria-valuemin={plot.steps[0] ?? 0}
      aria-valuemax={plot.steps[last] ?? 0}
      aria-valuenow={plot.steps[last] ?? 0}
      aria-valuetext={`step ${plot.steps[last] ?? 0}: ${formatMetric(latest, plot.unit)}`}
      onKeyDown={press}
      onBlur={() => hover(null)}
    >
      {frame && (
        <svg height={height} aria-hidden="true" onPointerMove={point} onPointerLeave={() => hover(null)} onClick={open}>
          <rect x={0} y={0} width={width} height={height} fill="transparent" />
          <Axes frame={frame} unit={plot.unit} />
          <Marks plot={plot} frame={frame} />
          <Cursor plot={plot} frame={frame} />
        </svg>
      )}
    </div>
  );
});
