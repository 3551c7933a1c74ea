import { openPort } from '../../protocol/port';
import type { Command, Notice } from '../../protocol/protocol';
import { reportFailure, unexpectedFailure } from './failureStore';
import { notices } from './notices';
import { send, sendThrough } from './send';

/** Starts the worker, listens to it, and asks for what a first visit needs. Called once, by main.tsx. */
export async function connect(): Promise<void> {
  const port = openPort<Command, Notice>(await startWorker());
  sendThrough(port);
  port.receive({
    ...notices,
    failed: (notice) => {
      notices.failed(notice);
      send({ type: 'listRuns' });
    },
  });
  send({ type: 'listRuns' });
  send({ type: 'openModel', source: { kind: 'builtIn' } });
  send({ type: 'openData', source: { kind: 'builtIn' } });
}

async function startWorker() {
  // `vite --mode fake` plays a run without a GPU; the branch is not in the production build.
  if (import.meta.env.MODE === 'fake') return (await import('../test/fakeWorker')).fakeWorker();
  const worker = new Worker(new URL('../../hosts/worker/main.ts', import.meta.url), { type: 'module' });
  worker.addEventListener('error', (event) => {
    reportFailure(unexpectedFailure(event.error ?? event.message ?? 'the worker stopped'));
  });
  return worker;
}
