import { createStore } from 'zustand/vanilla';
import type { Client } from '../../protocol/client';
import type { AnyRequest, Progress, Reply, Request, RequestKind, Work } from '../../protocol/requests';

/** A call that the worker has not settled yet. */
export interface OpenCall {
  readonly request: AnyRequest;
  readonly work: Work | null;
  readonly cancel: () => void;
}

/** The open calls, oldest first. The page is busy with exactly these. */
export interface CallState {
  readonly open: readonly OpenCall[];
}

export const callStore = createStore<CallState>(() => ({ open: [] }));

let connect: (client: Client) => void;
let client = new Promise<Client>((resolve) => {
  connect = resolve;
});

/** Called once the worker is ready (connection.ts); earlier calls wait for it. */
export function callThrough(opened: Client): void {
  connect(opened);
  client = Promise.resolve(opened);
}

/** Calls the worker. Rejects as Client.call does. */
export async function call<K extends RequestKind>(
  request: Request<K>,
  onProgress?: (progress: Progress<K>) => void,
): Promise<Reply<K>> {
  const abort = new AbortController();
  let own: OpenCall = { request: request as AnyRequest, work: null, cancel: () => abort.abort() };
  callStore.setState(({ open }) => ({ open: [...open, own] }));
  try {
    const options = {
      signal: abort.signal,
      onProgress: (progress: Progress<K>) => {
        if ('phase' in progress) {
          const before = own;
          own = { ...own, work: progress };
          callStore.setState(({ open }) => ({ open: open.map((each) => (each === before ? own : each)) }));
        }
        onProgress?.(progress);
      },
    };
    return await (await client).call(request, options);
  } finally {
    callStore.setState(({ open }) => ({ open: open.filter((each) => each !== own) }));
  }
}

/** The first open call of these kinds; null when there is none. */
export const openCall = ({ open }: CallState, ...kinds: readonly RequestKind[]): OpenCall | null =>
  open.find(({ request }) => kinds.includes(request.type)) ?? null;

export const isOpen = (...kinds: readonly RequestKind[]): boolean => openCall(callStore.getState(), ...kinds) !== null;

export function cancel(...kinds: readonly RequestKind[]): void {
  for (const { request, cancel } of callStore.getState().open) if (kinds.includes(request.type)) cancel();
}
