/**
 * Work on the page's thread that can wait, one piece per turn, each in a task of its own: a step redraws a dozen
 * charts, which in one task would hold up the page noticeably.
 */
const waiting = new Map<string, () => void>();
let asked = false;

/** Longest wait for an idle moment: on a busy machine a dozen charts still come within a second. */
const MOST_MS = 60;

/** Queues the work of `id`. New work replaces its queued work at the same place, so that nothing waits forever. */
export function takeTurn(id: string, work: () => void): void {
  waiting.set(id, work);
  ask();
}

export const leaveTurn = (id: string): void => void waiting.delete(id);

function ask(): void {
  if (asked || waiting.size === 0) return;
  asked = true;
  // Safari has no idle callbacks.
  if ('requestIdleCallback' in globalThis) requestIdleCallback(next, { timeout: MOST_MS });
  else setTimeout(next, 16);
}

function next(): void {
  asked = false;
  const [first] = waiting;
  if (!first) return;
  const [id, work] = first;
  waiting.delete(id);
  try {
    work();
  } finally {
    ask();
  }
}
