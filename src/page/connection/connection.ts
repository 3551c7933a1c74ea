import type { Failure } from '../../domain/failure';
import { type Client, openClient } from '../../protocol/client';
import { listRuns, runIsOver } from '../run/runActions';
import { openData, openModel } from '../setup/setupActions';
import { callThrough } from './calls';
import { notices } from './notices';
import { showFailure } from './showFailure';

/** Starts the worker, listens to it, and opens the built-in model and data. Called once, by main.tsx. */
export async function connect(): Promise<void> {
  const worker = await startWorker();
  const client = openClient(worker, notices);
  if (worker instanceof Worker) {
    worker.addEventListener('error', (event) => {
      worker.terminate(); // no one listens to it after this
      workerStopped(client, event);
    });
  }
  callThrough(client);
  listRuns();
  openModel({ kind: 'builtIn' });
  openData({ kind: 'builtIn' });
}

/** Fails the open calls with the reason, and shows it. */
export function workerStopped(client: Client, { message, error }: Pick<ErrorEvent, 'message' | 'error'>): void {
  const failure: Failure = {
    kind: 'workerStopped',
    message: `The page’s worker stopped: ${message || 'it could not be loaded'}`,
    advice: 'Your runs are saved in this browser. Reload the page. If it happens again, copy the report into an issue.',
    details: error instanceof Error ? (error.stack ?? error.message) : (message ?? ''),
    runId: null,
  };
  client.close(failure);
  runIsOver();
  showFailure(failure);
}

async function startWorker() {
  // `vite --mode fake` plays a run without a GPU; the branch is not in the production build.
  if (import.meta.env.MODE === 'fake') return (await import('../test/fakeWorker')).fakeWorker();
  return new Worker(new URL('../../hosts/worker/main.ts', import.meta.url), { type: 'module' });
}
