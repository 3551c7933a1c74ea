import type { KeyboardEvent, PointerEvent, ReactNode, Ref } from 'react';
import { formatMetric } from '../shell/format';
import { hover, viewStore } from '../shell/viewStore';
import styles from './charts.module.css';
import { shareAt } from './frame';
import { nearest, type Plot } from './plots';

interface Props {
  readonly ref: Ref<HTMLDivElement>;
  readonly plot: Plot | null;
  readonly title: string;
  readonly height: number;
  readonly onOpen: (step: number) => void;
  readonly children: ReactNode;
}

const NONE: readonly number[] = [];

/** The place of a chart on the page: pointer and arrow keys move the cursor over its steps, click and Enter open one. */
export function StepSlider({ ref, plot, title, height, onOpen, children }: Props) {
  const steps = plot?.steps ?? NONE;
  const last = steps.length - 1;
  const point = ({ clientX, currentTarget }: PointerEvent<HTMLDivElement>) => {
    const { left, width } = currentTarget.getBoundingClientRect();
    const [from = 0, to = 0] = [steps[0], steps[last]];
    const i = nearest(steps, from + shareAt(clientX - left, width) * (to - from));
    hover(i === null ? null : (steps[i] ?? null));
  };
  const press = (event: KeyboardEvent) => {
    const at = viewStore.getState().hoverStep;
    const i = at === null ? last : (nearest(steps, at) ?? last);
    const next = { ArrowLeft: i - 1, ArrowRight: i + 1, Home: 0, End: last }[event.key];
    if (next !== undefined) {
      event.preventDefault();
      hover(steps[Math.min(last, Math.max(0, next))] ?? null);
    } else if (event.key === 'Enter' && steps[i] !== undefined) onOpen(steps[i]);
  };
  const open = () => {
    const { hoverStep } = viewStore.getState();
    if (hoverStep !== null) onOpen(hoverStep);
  };
  const latest = plot?.lines[0]?.smooth[last] ?? null;
  return (
    <div
      ref={ref}
      className={styles.plot}
      style={{ height }}
      role="slider"
      tabIndex={0}
      aria-label={`${title} by step. Arrow keys move, Enter opens the step.`}
      aria-valuemin={steps[0] ?? 0}
      aria-valuemax={steps[last] ?? 0}
      aria-valuenow={steps[last] ?? 0}
      aria-valuetext={`step ${steps[last] ?? 0}: ${formatMetric(latest, plot?.unit ?? '')}`}
      onKeyDown={press}
      onBlur={() => hover(null)}
      onPointerMove={point}
      onPointerLeave={() => hover(null)}
      onClick={open}
    >
      {children}
    </div>
  );
}
