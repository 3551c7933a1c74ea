import { openPort, type Port } from '../port';
import type { Command, Notice } from '../protocol';
import { reportFailure, unexpectedFailure } from './failureStore';
import { notices } from './notices';

let port: Port<Command, Notice> | undefined;

/** Starts the worker, listens to it, and asks for what a first visit needs. Called once, by main.tsx. */
export async function connect(): Promise<void> {
  port = openPort<Command, Notice>(await startWorker());
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

export function send(command: Command): void {
  port?.send(command);
}

async function startWorker() {
  // `vite --mode fake` plays a run without a GPU; the branch is not in the production build.
  if (import.meta.env.MODE === 'fake') return (await import('./fakeWorker')).fakeWorker();
  const worker = new Worker(new URL('../worker/main.ts', import.meta.url), { type: 'module' });
  worker.addEventListener('error', (event) => {
    reportFailure(unexpectedFailure(event.error ?? event.message ?? 'the worker stopped'));
  });
  return worker;
}
