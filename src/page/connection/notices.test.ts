import { beforeEach, expect, it } from 'vitest';
import type { Failure, FailureKind } from '../../domain/failure';
import { recipeSchema } from '../../domain/recipe/recipe';
import type { RunSummary } from '../../domain/run';
import { rememberRollouts, rolloutStore } from '../rollouts/rolloutStore';
import { title } from '../run/pageLife';
import {
  initialRun,
  runStore,
  selectInterrupted,
  selectMetrics,
  selectWarmStart,
  setRuns,
  showOpenedRun,
  wouldLoseWork,
} from '../run/runStore';
import { initialSetup, setupStore } from '../setup/setupStore';
import { arrived, fakeConnection } from '../test/fakeConnection';
import { fakeMetrics } from '../test/fakeRun';
import { liveStepStore } from '../train/liveStepStore';
import { failureStore } from './failureStore';
import { notices } from './notices';

const run: RunSummary = {
  runId: 'a',
  name: 'run-1',
  startedAt: '2026-01-01T00:00:00Z',
  status: 'running',
  modelName: 'm',
  modelId: 'i',
  dataName: 'd',
  step: 0,
  steps: 60,
  lastReward: null,
  config: recipeSchema.parse({}),
  checkpoints: [],
};
const failure = (kind: FailureKind, runId: string | null = null): Failure => ({
  kind,
  message: kind,
  advice: '',
  details: '',
  runId,
});
const step = (number: number) =>
  notices.step({ type: 'step', runId: 'a', metrics: fakeMetrics(number), secondsLeft: 5 });
const started = (begun: RunSummary, steps: readonly number[] = []) =>
  notices.started({ type: 'started', run: begun, metrics: steps.map(fakeMetrics), warmStart: [] });
const state = () => runStore.getState();

beforeEach(() => {
  runStore.setState(initialRun, true);
  setupStore.setState(initialSetup, true);
  failureStore.setState({ failures: [] });
});

it('shows a run from its start, and its steps as they come', () => {
  started(run);
  step(1);
  step(2);
  expect(state().live).toEqual({ name: 'running', runId: 'a' });
  expect(selectMetrics(state()).map(({ step: number }) => number)).toEqual([1, 2]);
  expect(title(state())).toMatch(/^2\/60 · .* · Autodidact$/);
});

it('replaces steps that are done again after going on from a checkpoint', () => {
  showOpenedRun({ run: { ...run, step: 3 }, metrics: [1, 2, 3].map(fakeMetrics), warmStart: [] });
  started({ ...run, step: 2 }, [1, 2]);
  expect(selectMetrics(state()).map(({ step: number }) => number)).toEqual([1, 2]);
  step(3);
  expect(selectMetrics(state())).toHaveLength(3);
});

it('shows the supervised steps before a run, also of one that was kept, and replaces those that are done again', () => {
  const warm = (number: number, loss = 1) => ({
    step: number,
    steps: 4,
    loss,
    grad_norm: 1,
    documents: 2,
    too_long: 0,
    step_time: 0.1,
  });
  showOpenedRun({ run, metrics: [], warmStart: [warm(1), warm(2)] });
  expect(selectWarmStart(state())).toHaveLength(2);
  notices.warmStep({ type: 'warmStep', runId: 'a', warm: warm(2, 0.5) });
  notices.warmStep({ type: 'warmStep', runId: 'a', warm: warm(3) });
  expect(selectWarmStart(state()).map(({ step: number, loss }) => [number, loss])).toEqual([
    [1, 1],
    [2, 0.5],
    [3, 1],
  ]);
  runStore.setState({ shownId: null });
  expect(selectWarmStart(state())).toEqual([]);
});

it('forgets the answers of steps that are done again', () => {
  for (const number of [2, 3]) rememberRollouts('a', number, []);
  rememberRollouts('b', 3, []);
  started({ ...run, step: 2 }, [1, 2]);
  expect([...rolloutStore.getState().steps.keys()]).toEqual(['a/2', 'b/3']);
});

it('asks before the tab closes, but not when a pause has saved everything', () => {
  expect(wouldLoseWork(state())).toBe(false);
  started(run);
  step(1);
  expect(wouldLoseWork(state())).toBe(true);
  notices.paused({ type: 'paused', runId: 'a', step: 1 });
  expect(wouldLoseWork(state())).toBe(true);
  notices.checkpointSaved({
    type: 'checkpointSaved',
    deleted: [],
    runId: 'a',
    checkpoint: { step: 1, savedAt: '', bytes: 1, reward: 0 },
  });
  expect(wouldLoseWork(state())).toBe(false);
});

it('keeps stepping until the worker says paused', () => {
  started(run);
  runStore.setState({ live: { name: 'stepping', runId: 'a' } });
  notices.resumed({ type: 'resumed', runId: 'a' });
  expect(state().live.name).toBe('stepping');
  notices.paused({ type: 'paused', runId: 'a', step: 1 });
  expect(state().live.name).toBe('paused');
});

it('ends the run on a failure of its own, but trains on when the disk is full', async () => {
  started(run);
  let status: RunSummary['status'] = 'running';
  fakeConnection({ listRuns: () => [{ ...run, status }] });
  notices.failed({ type: 'failed', failure: failure('diskFull', 'a') });
  await arrived();
  expect(state().live.name).toBe('running');
  status = 'failed';
  notices.failed({ type: 'failed', failure: failure('notFinite', 'a') });
  await arrived();
  expect(state().live.name).toBe('idle');
  expect(failureStore.getState().failures.map(({ failure: { kind } }) => kind)).toEqual(['notFinite', 'diskFull']);
});

it('offers the newest interrupted run', () => {
  const checkpoints = [{ step: 4, savedAt: '', bytes: 1, reward: null }];
  setRuns([
    { ...run, status: 'interrupted', checkpoints },
    { ...run, runId: 'b', startedAt: '2025-02-01T00:00:00Z', status: 'interrupted', checkpoints: [] },
    { ...run, runId: 'c', startedAt: '2026-03-01T00:00:00Z', status: 'finished', checkpoints },
  ]);
  expect(state().runs?.map(({ runId }) => runId)).toEqual(['c', 'a', 'b']);
  expect(selectInterrupted(state())?.runId).toBe('a');
});

it('shows a step under way only while one is', () => {
  const begin = () => notices.liveStep({ type: 'liveStep', runId: 'a', step: 1, groupSize: 2, prompts: [] });
  started(run);
  begin();
  expect(liveStepStore.getState().runId).toBe('a');
  notices.paused({ type: 'paused', runId: 'a', step: 1 });
  expect(liveStepStore.getState().runId).toBeNull();
  begin();
  notices.ended({ type: 'ended', run });
  expect(liveStepStore.getState().runId).toBeNull();
});
