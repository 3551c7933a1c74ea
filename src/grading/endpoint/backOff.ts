import type { WorkContext } from '../../domain/workContext';
import { derive, uniform } from '../../random';

/** Longest wait before a request is sent again, in milliseconds; a server that asks for more is given up. */
export const LONGEST_WAIT = 120_000;

/**
 * Milliseconds to wait after failure number `attempt` (from 0): exponential, with full jitter, so that many callers do
 * not come back together (M. Brooker, "Exponential Backoff And Jitter", AWS 2015), and never less than the server's
 * Retry-After.
 */
export function waitBefore(attempt: number, { base, seed, atLeast }: { base: number; seed: number; atLeast: number }) {
  const most = Math.min(30_000, base * 2 ** (attempt + 1));
  return Math.max(atLeast, most * uniform(derive(seed, 'retry', attempt)));
}

/**
 * Milliseconds of a Retry-After header: seconds or an HTTP date (RFC 9110, 10.2.3); 0 when it is absent or unreadable.
 */
export function retryAfter(header: string | null, now: number): number {
  if (header === null || header.trim() === '') return 0;
  const seconds = Number(header);
  if (Number.isFinite(seconds)) return Math.max(0, 1000 * seconds);
  const date = Date.parse(header);
  return Number.isNaN(date) ? 0 : Math.max(0, date - now);
}

/** Resolves after `milliseconds`; rejects at once on abort. */
export function sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const onAbort = () => {
      clearTimeout(timer);
      reject(signal!.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    }, milliseconds);
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}

/**
 * Works through the items, `limit` at a time; progress counts items. The first error ends it and aborts the items that
 * have begun.
 */
export async function inParallel<T, R>(
  items: readonly T[],
  limit: number,
  work: (item: T, context: WorkContext) => Promise<R>,
  { signal, onProgress }: WorkContext,
): Promise<R[]> {
  const results: R[] = new Array(items.length);
  const failed = new AbortController();
  const both = signal ? AbortSignal.any([signal, failed.signal]) : failed.signal;
  let next = 0;
  let done = 0;
  const worker = async () => {
    while (next < items.length) {
      both.throwIfAborted();
      const index = next++;
      results[index] = await work(items[index]!, { signal: both });
      onProgress?.(++done, items.length);
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
  } catch (error) {
    failed.abort(error);
    throw error;
  }
  return results;
}
