import { expect, it } from 'vitest';
import { diagnose } from '../../diagnosis/diagnose';
import type { StepMetrics } from '../../domain/metrics/metrics';
import { fakeMetrics } from '../test/fakeRun';
import { healthOf } from './health';

const diagnosed = (metrics: readonly StepMetrics[]) => healthOf(metrics, diagnose(metrics));

const steps = (count: number, change: Partial<StepMetrics> = {}): StepMetrics[] =>
  Array.from({ length: count }, (_, i) => ({ ...fakeMetrics(i + 1), ...change, step: i + 1 }));

it('says nothing before the first step', () => {
  expect(diagnosed([])).toEqual({ findings: [], fine: [], tooEarlyUntil: 16 });
});

it('finds the example run healthy, and says by what', () => {
  const { findings, fine } = diagnosed(steps(40));
  expect(findings).toEqual([]);
  expect(fine.map((text) => text.split(' ')[0])).toEqual(['logprobs', 'entropy', 'ungraded', 'cut']);
});

it('does not call a number fine that a finding is about, nor one that was not measured', () => {
  const { findings, fine } = diagnosed(
    steps(6, { 'sampling/sampling_logp_difference/mean': 3e-3, 'grader/ungraded': 0.4, entropy: null }),
  );
  expect(findings.map(({ id }) => id)).toEqual(['logprobs', 'ungraded']);
  expect(fine.map((text) => text.split(' ')[0])).toEqual(['cut']);
});
