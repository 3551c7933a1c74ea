import type { Failure } from '../domain/failure';
import type { ToPage, ToWorker } from './messages';
import type { Notice } from './notices';
import { type Endpoint, type Handlers, openPort } from './port';
import type { Progress, Reply, Request, RequestKind } from './requests';

/** What a failed call rejects with. */
export class CallFailed extends Error {
  override name = 'CallFailed';
  constructor(readonly failure: Failure) {
    super(failure.message);
  }
}

export interface CallOptions<K extends RequestKind> {
  /** Cancels the call. It stays open until the worker has ended it. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress<K>) => void;
}

export interface Client {
  /** Rejects with CallFailed, or with an AbortError when it was cancelled. */
  call<K extends RequestKind>(request: Request<K>, options?: CallOptions<K>): Promise<Reply<K>>;
  /** For a worker that has stopped: fails what is open, and every later call. */
  close(failure: Failure): void;
}

interface OpenCall {
  readonly onProgress: ((progress: Progress<RequestKind>) => void) | undefined;
  readonly resolve: (reply: Reply<RequestKind>) => void;
  readonly reject: (error: Error) => void;
}

/** The page's end. Adding a notice without a handler does not compile. */
export function openClient(endpoint: Endpoint, notices: Handlers<Notice>): Client {
  const port = openPort<ToWorker, ToPage>(endpoint);
  const open = new Map<number, OpenCall>();
  let closed: Failure | null = null;
  let lastId = 0;
  const take = (id: number) => {
    const call = open.get(id);
    open.delete(id);
    return call;
  };
  port.receive({
    progress: ({ id, progress }) => open.get(id)?.onProgress?.(progress),
    reply: ({ id, reply }) => take(id)?.resolve(reply),
    failure: ({ id, failure }) => take(id)?.reject(new CallFailed(failure)),
    cancelled: ({ id }) => take(id)?.reject(new DOMException('The call was cancelled.', 'AbortError')),
    notice: ({ notice }) => (notices[notice.type] as (notice: Notice) => void)(notice),
  });
  return {
    async call<K extends RequestKind>(request: Request<K>, { signal, onProgress }: CallOptions<K> = {}) {
      signal?.throwIfAborted();
      if (closed) throw new CallFailed(closed);
      const id = ++lastId;
      const cancel = () => port.send({ type: 'cancel', id });
      const settled = new Promise<Reply<RequestKind>>((resolve, reject) => {
        open.set(id, { onProgress: onProgress as OpenCall['onProgress'], resolve, reject });
      });
      try {
        port.send({ type: 'request', id, request } as ToWorker);
        signal?.addEventListener('abort', cancel);
        return (await settled) as Reply<K>;
      } finally {
        open.delete(id); // also a request that could not be sent
        signal?.removeEventListener('abort', cancel);
      }
    },
    close(failure) {
      closed ??= failure;
      for (const id of [...open.keys()]) take(id)?.reject(new CallFailed(failure));
    },
  };
}
