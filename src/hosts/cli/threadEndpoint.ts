import type { MessagePort, Worker } from 'node:worker_threads';
import type { Endpoint } from '../../protocol/port';

/** A thread of Node's as protocol/port.ts wants it. */
export const endpointOf = (thread: Pick<MessagePort | Worker, 'postMessage' | 'on'>): Endpoint => ({
  postMessage: (message) => thread.postMessage(message),
  addEventListener: (_, listener) => thread.on('message', (data) => listener({ data } as MessageEvent)),
});
