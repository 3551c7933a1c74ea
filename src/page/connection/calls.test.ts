import { beforeEach, describe, expect, it, vi } from 'vitest';
import { NoWebGpu } from '../../gpu/device';
import { LabError } from '../../lab/failures';
import type { Reply, Work } from '../../protocol/requests';
import { RunLocked } from '../../storage/storageError';
import { exportRun } from '../checkpoints/checkpointActions';
import { evaluate, stopEvaluation } from '../evaluate/evaluationActions';
import { evaluationStore, initialEvaluation, selectBusy, selectEvaluationWork } from '../evaluate/evaluationStore';
import { loadRollouts, rolloutStore } from '../rollouts/rolloutStore';
import { continueRun, start, stop } from '../run/runActions';
import { initialRun, runStore } from '../run/runStore';
import { openData, openModel } from '../setup/setupActions';
import { initialSetup, setupStore } from '../setup/setupStore';
import { openTeacher, teacherStore } from '../setup/teacher/teacherStore';
import { arrived, fakeConnection } from '../test/fakeConnection';
import { FAKE_DATA, FAKE_DEVICE, FAKE_MODEL } from '../test/fakeReports';
import { ready } from './asyncState';
import { callStore, openCall } from './calls';
import { workerStopped } from './connection';
import { failureStore } from './failureStore';

vi.mock('../shell/saveFile', () => ({ saveFile: vi.fn() }));

const calls = () => callStore.getState();
const busy = () => selectBusy(calls());
const exporting = () => openCall(calls(), 'exportRun')?.work ?? null;
const said = () => failureStore.getState().failures.map(({ failure }) => failure.message);
const work = (phase: Work['phase']): Work => ({ phase, label: '', done: 1, total: 4, secondsLeft: null, step: null });
const files = (name: string) => ({ kind: 'files' as const, files: [new File(['x'], name)] });
const noModel = () => {
  throw new LabError('badModel', 'This is not a model.', 'Drop another.');
};

beforeEach(() => {
  setupStore.setState({ ...initialSetup, model: ready(FAKE_MODEL), data: ready(FAKE_DATA) }, true);
  runStore.setState(initialRun, true);
  evaluationStore.setState(initialEvaluation, true);
  failureStore.setState({ failures: [] });
  rolloutStore.setState({ steps: new Map() });
});

describe('a failure belongs to its request', () => {
  it('of another run that is locked ends neither an evaluation nor the progress of an export', async () => {
    fakeConnection({
      evaluate: (_, { progress }) => {
        progress(work('evaluate'));
        return new Promise(() => {});
      },
      exportRun: (_, { progress }) => {
        progress(work('export'));
        return new Promise(() => {});
      },
      continueRun: ({ runId }) => {
        throw new RunLocked(runId);
      },
      listRuns: () => [],
    });
    evaluate();
    exportRun('a', 'data');
    await arrived();
    continueRun({ runId: 'b' } as never, 2);
    expect(runStore.getState().live.name).toBe('starting');
    await arrived();
    expect(said()).toEqual([expect.stringContaining('b')]);
    expect(runStore.getState().live.name).toBe('idle');
    expect(busy()).toBe('evaluate');
    expect([selectEvaluationWork(calls())?.done, exporting()?.done]).toEqual([1, 1]);
  });

  it('of a model leaves the open one on its card, with the refusal beside it', async () => {
    fakeConnection({ openModel: noModel });
    openModel(files('holiday.gguf'));
    expect(setupStore.getState().model).toMatchObject({ state: 'opening', label: 'Opening holiday.gguf' });
    await arrived();
    expect(setupStore.getState().model).toMatchObject({
      state: 'ready',
      value: FAKE_MODEL,
      refused: { kind: 'badModel', message: 'This is not a model.' },
    });
    expect(setupStore.getState().builtInModel).toBe(true);
    expect(said()).toEqual([]);
  });

  it('of a model whose kind is that of other requests is still said on the model’s card', async () => {
    fakeConnection({
      openModel: () => {
        throw new LabError('badConfig', 'A run is in progress.', 'Stop it first.');
      },
      // Reading a saved model for a run, or an audit’s file, has nothing to do with the cards.
      continueRun: noModel,
      audit: () => {
        throw new LabError('badData', 'No usable row.', 'Choose another file.');
      },
      listRuns: () => [],
    });
    continueRun({ runId: 'b' } as never, 2);
    openModel(files('a.gguf'));
    await arrived();
    const { model, data } = setupStore.getState();
    expect(model).toMatchObject({ state: 'ready', refused: { message: 'A run is in progress.' } });
    expect(data).toEqual(ready(FAKE_DATA));
    expect(said()).toEqual(['This is not a model.']);
  });

  it('is a problem of the card where nothing was open, and is gone with the next one that opens', async () => {
    setupStore.setState(initialSetup);
    fakeConnection({
      openModel: ({ source }) => (source.kind === 'builtIn' ? FAKE_MODEL : noModel()),
      openData: () => FAKE_DATA,
    });
    openModel(files('holiday.gguf'));
    await arrived();
    expect(setupStore.getState().model.state).toBe('problem');
    openModel({ kind: 'builtIn' });
    openData({ kind: 'builtIn' });
    await arrived();
    expect(setupStore.getState()).toMatchObject({ model: ready(FAKE_MODEL), data: ready(FAKE_DATA) });
  });

  it('of a missing device is the Device card’s, whoever asked', async () => {
    fakeConnection({
      exportRun: () => {
        throw new NoWebGpu('No graphics adapter');
      },
    });
    setupStore.setState({ device: ready(FAKE_DEVICE) });
    exportRun('a', 'data');
    await arrived();
    expect(setupStore.getState().device).toMatchObject({ state: 'problem', failure: { kind: 'noWebGpu' } });
    expect(said()).toEqual([]);
  });
});

it('shows the last of two models that are opened at once as opening until it is there', async () => {
  const replies: ((report: Reply<'openModel'>) => void)[] = [];
  fakeConnection({ openModel: () => new Promise((resolve) => replies.push(resolve)) });
  openModel(files('a.gguf'));
  openModel(files('b.gguf'));
  await arrived();
  const state = () => setupStore.getState().model;
  replies[0]!({ ...FAKE_MODEL, name: 'a' });
  await arrived();
  expect(state()).toMatchObject({ state: 'opening', label: 'Opening b.gguf', before: { name: 'a' } });
  replies[1]!({ ...FAKE_MODEL, name: 'b' });
  await arrived();
  expect(state()).toMatchObject({ state: 'ready', value: { name: 'b' } });
  expect(setupStore.getState().builtInModel).toBe(false);
});

it('keeps the teacher that is open when another is refused', async () => {
  const config = { kind: 'recorded', name: 'grades.jsonl' } as const;
  let good = true;
  fakeConnection({
    openTeacher: ({ teacher }) => (good ? { config: teacher, detail: '2 graded answers' } : noModel()),
  });
  openTeacher(config, [], ' ');
  expect(teacherStore.getState().teacher).toMatchObject({ state: 'opening' });
  await arrived();
  good = false;
  openTeacher({ ...config, name: 'other.jsonl' }, [], '');
  await arrived();
  expect(teacherStore.getState().teacher).toMatchObject({
    state: 'ready',
    value: { config },
    refused: { message: 'This is not a model.' },
  });
});

it('cancels an evaluation, says nothing of it, and asks for the list again', async () => {
  const { requests } = fakeConnection({ listEvaluations: () => [] });
  evaluate();
  evaluate(); // one at a time
  await arrived();
  stopEvaluation();
  expect(busy()).toBe('evaluate');
  await arrived();
  expect(busy()).toBeNull();
  expect(said()).toEqual([]);
  expect(requests.map(({ type }) => type)).toEqual(['evaluate', 'listEvaluations']);
});

it('is idle again after a run that was stopped before it began', async () => {
  let stopped = () => {};
  fakeConnection({
    start: () => new Promise((resolve) => (stopped = () => resolve(null))),
    stop: () => stopped(),
    listRuns: () => [],
  });
  start();
  expect(runStore.getState().live.name).toBe('starting');
  await arrived();
  stop();
  await arrived();
  expect(runStore.getState().live.name).toBe('idle');
  expect(said()).toEqual([]);
});

it('asks for the answers of a step once while they are on their way, and again after a failure', async () => {
  let broken = true;
  const { requests } = fakeConnection({
    loadRollouts: () => {
      if (broken) throw new Error('no');
      return [];
    },
  });
  loadRollouts('a', 1);
  loadRollouts('a', 1);
  await arrived();
  broken = false;
  loadRollouts('a', 1);
  await arrived();
  loadRollouts('a', 1);
  await arrived();
  expect(requests).toHaveLength(2);
});

it('ends everything that is open when the worker stops, and says why', async () => {
  const { client, notify } = fakeConnection();
  evaluate();
  exportRun('a', 'data');
  openModel(files('a.gguf'));
  notify({ type: 'paused', runId: 'a', step: 1 });
  await arrived();
  workerStopped(client, { message: 'out of memory', error: null });
  await arrived();
  expect(calls().open).toEqual([]);
  expect(runStore.getState().live.name).toBe('idle');
  expect(said()).toEqual(['The page’s worker stopped: out of memory']);
  expect(setupStore.getState().model).toMatchObject({ refused: { kind: 'workerStopped' } });
  exportRun('a', 'data');
  await arrived();
  expect(calls().open).toEqual([]);
});
