import { useMemo } from 'react';
import type { StepMetrics } from '../../domain/metrics/metrics';
import { MetricChart } from '../charts/MetricChart';
import type { PlotSpec } from '../charts/plots';
import { Help } from '../shell/Help';
import styles from './train.module.css';

const SIZE = { height: 118, points: 120 };

const CHARTS: readonly { title: string; spec: PlotSpec }[] = [
  {
    title: 'Good answers and empty ones',
    spec: {
      lines: [
        { key: 'probe/ideal', hue: 'green', label: 'ideal answers' },
        { key: 'probe/control_other', hue: 'grey', label: 'answers to another question' },
        { key: 'probe/control_echo', hue: 'purple', label: 'the question repeated' },
        { key: 'probe/control_empty', hue: 'orange', label: 'empty' },
        { key: 'probe/control_colon', hue: 'blue', label: 'only “:”' },
      ],
    },
  },
  { title: 'More lenient than at the start', spec: { lines: [{ key: 'probe/leniency', hue: 'orange' }] } },
  { title: 'Reward beyond the starting grader’s', spec: { lines: [{ key: 'probe/reward_gap', hue: 'orange' }] } },
  {
    title: 'Yes to the same answers',
    spec: {
      lines: [
        { key: 'probe/yes_rate_positive', hue: 'blue', label: 'to good criteria' },
        { key: 'probe/yes_rate_negative', hue: 'orange', label: 'to harms' },
      ],
    },
  },
  {
    title: 'How steady it is',
    spec: {
      lines: [
        { key: 'probe/repeat_agreement', hue: 'blue', label: 'same verdict when asked again' },
        { key: 'probe/confidence', hue: 'green', label: 'sureness' },
        { key: 'probe/unsure', hue: 'grey', label: 'close calls' },
      ],
    },
  },
  { title: 'Unreadable in the check', spec: { lines: [{ key: 'probe/ungraded', hue: 'purple' }] } },
];

const KEYS = CHARTS.flatMap(({ spec }) => spec.lines.map(({ key }) => key));
const hasNumber = (value: number | null | undefined) => value !== null && value !== undefined;

/** The checks of the grader, only the steps that have one. Nothing in a run without. */
export function GraderCharts({ metrics }: { metrics: readonly StepMetrics[] }) {
  const checked = useMemo(() => metrics.filter((row) => KEYS.some((key) => hasNumber(row[key]))), [metrics]);
  if (checked.length === 0) return null;
  return (
    <section aria-label="Is the grader right?" className={styles.group}>
      <div className={styles.groupHead}>
        <h2>Is the grader right?</h2>
        <Help title="the checks of the grader">
          Every few steps the model grades the same stored answers again, as it is now and as it started. Ideal answers
          must stay high and empty ones low. When it calls more met in answers that have not changed, it has become
          lenient, and a rising reward means less.
        </Help>
      </div>
      <div className={styles.small}>
        {CHARTS.map(({ title, spec }) => (
          <MetricChart key={title} metrics={checked} title={title} spec={spec} {...SIZE} optional />
        ))}
      </div>
    </section>
  );
}
