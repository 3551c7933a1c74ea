import { toFailure } from '../../lab/failures';
import { type Client, openClient } from '../../protocol/client';
import type { AnyRequest } from '../../protocol/requests';
import { openServer, type RequestHandlers, type Server } from '../../protocol/server';
import { endpointPair } from '../../protocol/test/endpointPair';
import { callStore, callThrough } from '../connection/calls';
import { notices } from '../connection/notices';

interface FakeConnection extends Pick<Server, 'notify'> {
  /** In the order in which they came. */
  readonly requests: AnyRequest[];
  readonly client: Client;
}

/**
 * Connects the page's actions and stores to some handlers, over the whole protocol. Other requests stay open until they
 * are cancelled.
 */
export function fakeConnection(handlers: Partial<RequestHandlers> = {}): FakeConnection {
  const [page, worker] = endpointPair();
  const requests: AnyRequest[] = [];
  const server = openServer(worker, toFailure);
  const handle = (kind: string) => (request: AnyRequest, context: { readonly signal: AbortSignal }) => {
    requests.push(request);
    const own = handlers[kind as AnyRequest['type']] as ((...given: unknown[]) => unknown) | undefined;
    return own
      ? own(request, context)
      : new Promise((_, reject) => context.signal.addEventListener('abort', () => reject(context.signal.reason)));
  };
  server.answer(new Proxy({}, { get: (_, kind) => handle(String(kind)) }) as RequestHandlers);
  const client = openClient(page, notices);
  callStore.setState({ open: [] });
  callThrough(client);
  return { requests, client, notify: server.notify };
}

/** Lets everything that is on its way arrive. */
export const arrived = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));
