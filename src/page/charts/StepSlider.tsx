import { type KeyboardEvent, type ReactNode, type Ref, useState } from 'react';
import { formatMetric } from '../shell/format';
import { hover } from '../shell/viewStore';
import styles from './charts.module.css';
import { nearest, type Plot } from './plots';

interface Props {
  readonly ref: Ref<HTMLDivElement>;
  /** The chart's id among those that show the same steps. */
  readonly id: string;
  readonly plot: Plot | null;
  readonly title: string;
  readonly height: number;
  readonly onOpen: (step: number) => void;
  readonly children: ReactNode;
}

const NONE: readonly number[] = [];

/**
 * A chart by keyboard: arrows, Home and End choose a step, Enter opens it. Recharts' own accessibility layer begins at
 * the first step, has no way to the last, and announces every chart that follows.
 */
export function StepSlider({ ref, id, plot, title, height, onOpen, children }: Props) {
  const [step, setStep] = useState<number | null>(null);
  const steps = plot?.steps ?? NONE;
  const last = steps.length - 1;
  const i = step === null ? last : (nearest(steps, step) ?? last);
  const choose = (chosen: number | null) => {
    setStep(chosen);
    hover(chosen === null ? null : { step: chosen, by: id });
  };
  const press = (event: KeyboardEvent) => {
    const next = { ArrowLeft: i - 1, ArrowRight: i + 1, Home: 0, End: last }[event.key];
    if (next !== undefined) {
      event.preventDefault();
      choose(steps[Math.min(last, Math.max(0, next))] ?? null);
    } else if (event.key === 'Enter' && steps[i] !== undefined) onOpen(steps[i]);
  };
  const values = plot?.lines.map(({ label, raw }) => `${label} ${formatMetric(raw[i] ?? null, plot.unit)}`);
  return (
    <div
      ref={ref}
      className={styles.plot}
      style={{ height }}
      role="slider"
      tabIndex={0}
      aria-label={`${title} by step. Arrow keys select a step, Enter opens it.`}
      aria-valuemin={steps[0] ?? 0}
      aria-valuemax={steps[last] ?? 0}
      aria-valuenow={steps[i] ?? 0}
      aria-valuetext={`step ${steps[i] ?? 0}: ${values?.join(', ') ?? ''}`}
      onKeyDown={press}
      onBlur={() => choose(null)}
    >
      {children}
    </div>
  );
}
