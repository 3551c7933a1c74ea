import { expect, it } from 'vitest';
import { formatRoute, parseRoute, type Route } from './route';

const routes: Route[] = [
  { page: 'setup' },
  { page: 'setup', recipe: 'eyJ2Ijox_-' },
  { page: 'train' },
  { page: 'evaluate' },
  { page: 'evaluate', view: 'sideBySide' },
  { page: 'checkpoints' },
  { page: 'review', runId: null },
  { page: 'review', runId: 'run 1/ä' },
  { page: 'rollouts', runId: null, step: null, group: 0, index: null },
  { page: 'rollouts', runId: 'run 1/ä', step: 12, group: 0, index: null },
  { page: 'rollouts', runId: 'run-1', step: 12, group: 3, index: null },
  { page: 'rollouts', runId: 'run-1', step: 12, group: 0, index: 7 },
];

it.each(routes)('comes back from its own address: $page $runId $index', (route) => {
  expect(parseRoute(formatRoute(route))).toEqual(route);
});

it.each(['', '#', '#/nowhere', '#/<script>', '#/%E0%A4%A'])('goes to Set up from %j', (hash) => {
  expect(parseRoute(hash)).toEqual({ page: 'setup' });
});

it('ignores steps that are no counts', () => {
  expect(parseRoute('#/rollouts/r/-1/x/1e9')).toEqual({
    page: 'rollouts',
    runId: 'r',
    step: null,
    group: 0,
    index: null,
  });
});
