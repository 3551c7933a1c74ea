import { expect, it } from 'vitest';
import { metricCharts } from './metricCharts';

it('are those that the metrics declare, in their order', () => {
  expect(metricCharts('run').map(({ title }) => title)).toEqual([
    'Entropy',
    'KL to the start',
    'Clipped tokens',
    'Gradient norm',
    'Grader says yes',
    'Grader accuracy (true)',
    'Equal groups',
    'Ungraded',
    'Cut off',
    'Checks passed',
  ]);
  const [controls, ...others] = metricCharts('graderCheck');
  expect(controls!.spec.lines.map(({ key }) => key)).toEqual(
    ['ideal', 'control_other', 'control_echo', 'control_empty', 'control_colon'].map((name) => `probe/${name}`),
  );
  expect(others.map(({ title, spec }) => [title, spec.lines.length])).toEqual([
    ['Leniency drift', 1],
    ['Reward gap vs frozen grader', 1],
    ['Yes on stored answers', 2],
    ['Grader consistency', 3],
    ['Ungraded in the check', 1],
  ]);
});
