import { MantineProvider } from '@mantine/core';
import { renderToStaticMarkup } from 'react-dom/server';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { DataError } from '../../data/split';
import type { Failure, FailureKind } from '../../domain/failure';
import { recipeSchema } from '../../domain/recipe/recipe';
import { FormatError } from '../../formats/formatError';
import { NoWebGpu } from '../../gpu/device';
import { DeviceLost, GpuError } from '../../gpu/gpu';
import { LabError, toFailure } from '../../lab/failures';
import type { RequestHandlers } from '../../protocol/server';
import { NotFinite } from '../../rl/notFinite';
import { DiskFull, RunLocked } from '../../storage/storageError';
import { deleteCheckpoint, exportRun } from '../checkpoints/checkpointActions';
import { evaluate } from '../evaluate/evaluationActions';
import { continueRun, start } from '../run/runActions';
import { initialRun, runStore } from '../run/runStore';
import { Refused } from '../setup/Refused';
import { openData, openModel } from '../setup/setupActions';
import { initialSetup, setupStore } from '../setup/setupStore';
import { FailurePanel } from '../shell/FailurePanel';
import { arrived, fakeConnection } from '../test/fakeConnection';
import { FAKE_DATA, FAKE_DEVICE, FAKE_MODEL } from '../test/fakeReports';
import { ready, refusalOf } from './asyncState';
import { workerStopped } from './connection';
import { failureStore } from './failureStore';

type Connection = ReturnType<typeof fakeConnection>;

interface Shown {
  readonly place: 'Device card' | 'Model card' | 'Data card' | 'panel';
  /** What the worker meets, as it is thrown there. */
  readonly thrown: Error;
  readonly by: keyof RequestHandlers | 'notice' | 'worker';
  readonly ask: (connection: Connection) => void;
  readonly says: readonly [message: string, advice: string];
}

const files = (name: string) => ({ kind: 'files' as const, files: [new File(['x'], name)] });
const run = { runId: 'run-1', config: recipeSchema.parse({}) } as Parameters<typeof continueRun>[0];
/** The live run fails by itself. */
const liveRunFails =
  (error: Error) =>
  ({ notify }: Connection) =>
    notify({ type: 'failed', failure: toFailure(error, 'run-1') });

/** Every kind: a kind that is not here does not compile. */
const SHOWN = {
  noWebGpu: {
    place: 'Device card',
    thrown: new NoWebGpu('This browser offers no graphics adapter'),
    by: 'evaluate',
    ask: () => evaluate(),
    says: ['This browser offers no graphics adapter', 'Use a current Chrome, Edge, Safari or Firefox'],
  },
  deviceLost: {
    place: 'panel',
    thrown: new DeviceLost('The graphics device was lost'),
    by: 'notice',
    ask: liveRunFails(new DeviceLost('The graphics device was lost')),
    says: ['The graphics device was lost', 'Continue the run from its last checkpoint.'],
  },
  outOfMemory: {
    place: 'panel',
    thrown: new GpuError('allocation of 3 GB failed'),
    by: 'start',
    ask: () => start(),
    says: ['allocation of 3 GB failed', 'Use shorter answers'],
  },
  badConfig: {
    place: 'panel',
    thrown: new LabError('badConfig', 'No prompt passes the filter.', 'Clear the filter.'),
    by: 'start',
    ask: () => start(),
    says: ['No prompt passes the filter.', 'Clear the filter.'],
  },
  badModel: {
    place: 'Model card',
    thrown: new FormatError('holiday.gguf is not a GGUF file', 'Choose another file.'),
    by: 'openModel',
    ask: () => void openModel(files('holiday.gguf')),
    says: ['holiday.gguf is not a GGUF file', 'Choose another file.'],
  },
  badData: {
    place: 'Data card',
    thrown: new DataError('poem.jsonl has no usable example'),
    by: 'openData',
    ask: () => void openData(files('poem.jsonl')),
    says: ['poem.jsonl has no usable example', 'Open the official HealthBench JSONL'],
  },
  notFinite: {
    place: 'panel',
    thrown: new NotFinite('loss', 12),
    by: 'notice',
    ask: liveRunFails(new NotFinite('loss', 12)),
    says: ['loss is not a finite number in step 12', 'Continue from it with a lower learning rate.'],
  },
  diskFull: {
    place: 'panel',
    thrown: new DiskFull('the checkpoint of step 4'),
    by: 'notice',
    ask: liveRunFails(new DiskFull('the checkpoint of step 4')),
    says: ['No room to store the checkpoint of step 4', 'Delete old runs or checkpoints to free space.'],
  },
  runLocked: {
    place: 'panel',
    thrown: new RunLocked('run-1'),
    by: 'deleteCheckpoint',
    ask: () => deleteCheckpoint('run-1', 2),
    says: ['run-1', 'Close the other tab that has this run open'],
  },
  needsFiles: {
    place: 'panel',
    thrown: new LabError('needsFiles', 'This run was made with Qwen3-0.6B.', 'Open Qwen3-0.6B on Set up.'),
    by: 'continueRun',
    ask: () => continueRun(run, 2),
    says: ['This run was made with Qwen3-0.6B.', 'Open Qwen3-0.6B on Set up.'],
  },
  workerStopped: {
    place: 'panel',
    thrown: new Error('unreachable'),
    by: 'worker',
    ask: ({ client }) => workerStopped(client, { message: 'unreachable', error: new Error('unreachable') }),
    says: ['The page’s worker stopped: unreachable', 'Reload the page'],
  },
  unexpected: {
    place: 'panel',
    thrown: new TypeError('x is undefined'),
    by: 'exportRun',
    ask: () => exportRun('run-1', 'data'),
    says: ['x is undefined', 'copy the report into an issue'],
  },
} satisfies Record<FailureKind, Shown>;

beforeEach(() => {
  vi.stubGlobal('navigator', { userAgent: 'a test' });
  const open = { device: ready(FAKE_DEVICE), model: ready(FAKE_MODEL), data: ready(FAKE_DATA) };
  setupStore.setState({ ...initialSetup, ...open }, true);
  runStore.setState(initialRun, true);
  failureStore.setState({ failures: [] });
});
afterEach(() => {
  vi.unstubAllGlobals();
});

/** Where the page has a failure now. */
function places(): Partial<Record<Shown['place'], Failure>> {
  const { device, model, data } = setupStore.getState();
  const found = {
    'Device card': refusalOf(device),
    'Model card': refusalOf(model),
    'Data card': refusalOf(data),
    panel: failureStore.getState().failures[0]?.failure ?? null,
  };
  return Object.fromEntries(Object.entries(found).filter(([, failure]) => failure !== null));
}

const words = (place: Shown['place'], failure: Failure): string =>
  renderToStaticMarkup(
    <MantineProvider>
      {place === 'panel' ? <FailurePanel failure={failure} /> : <Refused failure={failure} />}
    </MantineProvider>,
  );

it.each(Object.entries(SHOWN) as [FailureKind, Shown][])('%s', async (kind, { place, thrown, by, ask, says }) => {
  const fail = () => Promise.reject(thrown);
  const connection = fakeConnection({ [by]: fail, listRuns: () => [], listEvaluations: () => [] });
  ask(connection);
  await arrived();
  const found = places();
  expect(Object.keys(found)).toEqual([place]);
  expect(found[place]).toMatchObject({ kind });
  const text = words(place, found[place]!);
  for (const each of says) expect(text).toContain(each);
  expect(text).toContain('role="alert"');
  expect(text).toContain('Details');
  expect(failureStore.getState().failures.length).toBe(place === 'panel' ? 1 : 0);
});
