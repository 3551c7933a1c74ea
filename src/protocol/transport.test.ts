import { describe, expect, it } from 'vitest';
import type { Failure } from '../domain/failure';
import { CallFailed, openClient } from './client';
import type { Notice } from './notices';
import type { Handlers } from './port';
import { openServer, type RequestHandlers } from './server';
import { endpointPair } from './test/endpointPair';

const said = (message: string, runId: string | null = null): Failure => ({
  kind: 'unexpected',
  message,
  advice: '',
  details: '',
  runId,
});

function connected(handlers: Partial<RequestHandlers>) {
  const [page, worker] = endpointPair();
  const heard: Notice[] = [];
  const server = openServer(worker, (error, runId) => said((error as Error).message, runId));
  server.answer(handlers as RequestHandlers);
  const hear = (notice: Notice) => void heard.push(notice);
  const client = openClient(page, new Proxy({}, { get: () => hear }) as Handlers<Notice>);
  return { ...client, ...server, heard };
}
const delayed = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe('a call', () => {
  it('gets its own reply and its own progress, whatever comes first', async () => {
    const work = { phase: 'export', label: '', done: 0, total: 1, secondsLeft: null, step: null } as const;
    const { call } = connected({
      exportRun: async ({ runId }, { progress }) => {
        progress({ ...work, label: runId });
        await delayed(runId === 'slow' ? 20 : 1);
        return { name: runId, file: new Blob() };
      },
    });
    const order: string[] = [];
    const ask = async (runId: string) => {
      const onProgress = ({ label }: typeof work | { label: string }) => void order.push(`progress of ${label}`);
      const { name } = await call({ type: 'exportRun', runId, kind: 'data' }, { onProgress });
      order.push(`${runId} got ${name}`);
    };
    await Promise.all([ask('slow'), ask('quick')]);
    expect(order).toEqual(['progress of slow', 'progress of quick', 'quick got quick', 'slow got slow']);
  });

  it('fails by itself: others go on', async () => {
    const { call } = connected({
      deleteRun: ({ runId }) => {
        throw new Error(`not ${runId}`);
      },
      listRuns: () => delayed(5).then(() => []),
    });
    const listed = call({ type: 'listRuns' });
    const failed = call({ type: 'deleteRun', runId: 'a' });
    await expect(failed).rejects.toEqual(new CallFailed(said('not a', 'a')));
    await expect(failed).rejects.toMatchObject({ failure: said('not a', 'a') });
    expect(await listed).toEqual([]);
  });

  it('fails where its request or its reply is no plain data', async () => {
    const { call } = connected({ listRuns: () => [(() => {}) as never] });
    await expect(call({ type: 'listRuns' })).rejects.toThrow(/could not be cloned/);
    await expect(call({ type: 'openRun', runId: (() => {}) as never })).rejects.toThrow(/could not be cloned/);
  });
});

describe('cancelling', () => {
  it('reaches the handler, and the call is open until the handler has let go', async () => {
    const steps: string[] = [];
    const { call } = connected({
      audit: async (_, { signal }) => {
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
        await delayed(5);
        steps.push('let go');
        throw signal.reason;
      },
    });
    const abort = new AbortController();
    const cancelled = call({ type: 'audit', request: {} as never }, { signal: abort.signal }).catch((error) => {
      steps.push(error.name);
    });
    await delayed(1);
    abort.abort();
    await cancelled;
    expect(steps).toEqual(['let go', 'AbortError']);
  });

  it('comes too late for a reply, spares other calls, and a failure meanwhile is one', async () => {
    const { call } = connected({
      listRuns: () => [],
      listModels: () => delayed(5).then(() => []),
      audit: async (_, { signal }) => {
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
        throw new Error('it broke while stopping');
      },
    });
    const abort = new AbortController();
    const { signal } = abort;
    expect(await call({ type: 'listRuns' }, { signal })).toEqual([]);
    const other = call({ type: 'listModels' });
    const broken = expect(call({ type: 'audit', request: {} as never }, { signal })).rejects.toThrow(/broke/);
    await delayed(1);
    abort.abort();
    await broken;
    expect(await other).toEqual([]);
    await expect(call({ type: 'listRuns' }, { signal })).rejects.toMatchObject({ name: 'AbortError' });
  });
});

it('closing fails every open call and every later one, with the reason', async () => {
  const { call, close } = connected({ listRuns: () => new Promise(() => {}), openRun: () => new Promise(() => {}) });
  const open = [call({ type: 'listRuns' }), call({ type: 'openRun', runId: 'a' })];
  const reason = said('the worker has stopped');
  close(reason);
  for (const each of [...open, call({ type: 'listRuns' })])
    await expect(each).rejects.toMatchObject({ name: 'CallFailed', failure: reason });
});

it('notices come in order, unasked', async () => {
  const { notify, heard } = connected({});
  notify({ type: 'resumed', runId: 'a' });
  notify({ type: 'paused', runId: 'a', step: 2 });
  await delayed(1);
  expect(heard.map(({ type }) => type)).toEqual(['resumed', 'paused']);
});
