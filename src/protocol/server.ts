import { type Failure, isAbort } from '../domain/failure';
import type { ToPage, ToWorker } from './messages';
import type { Notice } from './notices';
import { type Endpoint, openPort } from './port';
import type { AnyRequest, Progress, Reply, Request, RequestKind, Work } from './requests';

/** What a handler has of its call. */
export interface CallContext<P = Work> {
  /** Aborted when the page cancels. The handler then rejects with an AbortError, or replies after all. */
  readonly signal: AbortSignal;
  readonly progress: (progress: P) => void;
}

/** One for each request. What it throws becomes the call's failure. */
export type RequestHandlers = {
  readonly [K in RequestKind]: (request: Request<K>, context: CallContext<Progress<K>>) => Reply<K> | Promise<Reply<K>>;
};

export interface Server {
  notify(notice: Notice): void;
  /** Calls wait for their handlers side by side: an order is for the handlers to keep. */
  answer(handlers: RequestHandlers): void;
}

/** The worker's end. */
export function openServer(endpoint: Endpoint, toFailure: (error: unknown, runId: string | null) => Failure): Server {
  const port = openPort<ToPage, ToWorker>(endpoint);
  const open = new Map<number, AbortController>();

  async function answer(handlers: RequestHandlers, id: number, request: AnyRequest): Promise<void> {
    const handle = handlers[request.type] as (
      request: AnyRequest,
      context: CallContext<Progress<RequestKind>>,
    ) => Promise<Reply<RequestKind>>;
    const abort = new AbortController();
    open.set(id, abort);
    const progress = (progress: Progress<RequestKind>) => port.send({ type: 'progress', id, progress });
    try {
      port.send({ type: 'reply', id, reply: await handle(request, { signal: abort.signal, progress }) });
    } catch (error) {
      const runId = 'runId' in request ? request.runId : null;
      if (abort.signal.aborted && isAbort(error)) port.send({ type: 'cancelled', id });
      else port.send({ type: 'failure', id, failure: toFailure(error, runId) });
    } finally {
      open.delete(id);
    }
  }

  return {
    notify: (notice) => port.send({ type: 'notice', notice }),
    answer: (handlers) =>
      port.receive({
        request: ({ id, request }) => void answer(handlers, id, request),
        cancel: ({ id }) => open.get(id)?.abort(),
      }),
  };
}
