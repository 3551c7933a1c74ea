import { useMemo } from 'react';
import type { StepMetrics } from '../../domain/metrics/metrics';
import { MetricChart } from '../charts/MetricChart';
import { Help } from '../shell/Help';
import { metricCharts } from './metricCharts';
import styles from './train.module.css';

const SIZE = { height: 118, points: 120 };

const CHARTS = metricCharts('graderCheck');
const KEYS = CHARTS.flatMap(({ spec }) => spec.lines.map(({ key }) => key));
const hasNumber = (value: number | null | undefined) => value !== null && value !== undefined;

/** The grader checks, at the steps that have one. Renders nothing in a run without checks. */
export function GraderCharts({ metrics }: { metrics: readonly StepMetrics[] }) {
  const checked = useMemo(() => metrics.filter((row) => KEYS.some((key) => hasNumber(row[key]))), [metrics]);
  if (checked.length === 0) return null;
  return (
    <section aria-label="Is the grader right?" className={styles.group}>
      <div className={styles.groupHead}>
        <h2>Is the grader right?</h2>
        <Help title="the grader checks">
          Every few steps the current model and the starting model grade the same stored answers. Ideal answers must
          score high and empty answers low. If the share of met criteria rises on unchanged answers, the grader has
          become more lenient, and a rising reward means less.
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
