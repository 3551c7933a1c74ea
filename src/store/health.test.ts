import { expect, it } from 'vitest';
import type { StepMetrics } from '../config/metrics';
import { fakeMetrics } from './fakeRun';
import { healthSigns } from './health';

const steps = (count: number, change: Partial<StepMetrics>): StepMetrics[] =>
  Array.from({ length: count }, (_, i) => ({ ...fakeMetrics(i + 1), ...change, step: i + 1 }));
const sign = (metrics: StepMetrics[], id: string) => healthSigns(metrics).find((found) => found.id === id);

it('says nothing before the first step', () => {
  expect(healthSigns([])).toEqual([]);
});

it('finds a healthy run healthy', () => {
  expect(healthSigns(steps(5, { frac_reward_zero_std: 0.1 })).every(({ level }) => level === 'fine')).toBe(true);
});

it('raises an alarm when rollout and update disagree', () => {
  expect(sign(steps(3, { 'sampling/sampling_logp_difference/mean': 3e-4 }), 'logprobs')?.level).toBe('problem');
});

it('names a one-sided grader as the cause of equal groups', () => {
  const found = sign(steps(3, { frac_reward_zero_std: 0.9, 'grader/yes_rate': 0.99 }), 'equal');
  expect(found?.level).toBe('problem');
  expect(found?.text).toContain('yes to nearly everything');
});

it('watches ungraded and cut-off answers', () => {
  expect(sign(steps(3, { 'grader/ungraded': 0.1 }), 'ungraded')?.level).toBe('watch');
  expect(sign(steps(3, { 'completions/clipped_ratio': 0.9 }), 'cutOff')?.level).toBe('problem');
});

it('leaves out what was not measured', () => {
  expect(sign(steps(3, { entropy: null }), 'entropy')).toBeUndefined();
});

it('sees that the grader is being gamed', () => {
  const metrics = steps(30, {}).map((row, i) => ({ ...row, reward: 0.3 + i / 60, 'reward/true': 0.5 - i / 100 }));
  expect(sign(metrics, 'gamed')?.level).toBe('problem');
  expect(
    sign(
      metrics.map((row) => ({ ...row, 'reward/true': null })),
      'gamed',
    ),
  ).toBeUndefined();
});
