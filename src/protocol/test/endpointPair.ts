import type { Endpoint } from '../port';

/**
 * Two ends of one channel in this thread, as a page and its worker have them: what is posted at one arrives at the
 * other, in order, as a copy.
 */
export function endpointPair(): [Endpoint, Endpoint] {
  const listeners: ((event: MessageEvent) => void)[][] = [[], []];
  const end = (own: number): Endpoint => ({
    postMessage: (message) => {
      const data = copy(message);
      queueMicrotask(() => {
        for (const listener of listeners[1 - own]!) listener({ data } as MessageEvent);
      });
    },
    addEventListener: (_, listener) => void listeners[own]!.push(listener),
  });
  return [end(0), end(1)];
}

/** As structuredClone, which in Node loses what files hold. */
function copy(value: unknown): unknown {
  if (value instanceof Blob) return value;
  if (Array.isArray(value)) return value.map(copy);
  if (typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype)
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, copy(each)]));
  return structuredClone(value);
}
