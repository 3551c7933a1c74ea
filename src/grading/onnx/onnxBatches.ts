/** Requests of one pass: neighbours with a long beginning in common. */
export interface Batch {
  readonly from: number;
  readonly to: number;
  /**
   * Tokens that all of them begin with, and that leave one more to read: no longer beginning may be taken for theirs.
   */
  readonly shared: number;
  /**
   * How much of it to compute and keep, shortest first: what the next batch shares too, and what all of these share.
   */
  readonly kept: readonly number[];
}

/** A beginning shorter than this is not worth a pass of its own. */
export const WORTH_KEEPING = 16;

/**
 * Cuts prompts into batches of at most `most`, in their order. They are cut where neighbours have much less in common
 * than the ones before or after (another answer, another conversation): what is shared is computed once, which saves
 * more than a larger batch does.
 */
export function batchesOf(prompts: readonly Int32Array[], most: number): Batch[] {
  const shared = prompts.slice(1).map((prompt, i) => common(prompts[i]!, prompt));
  const cut = (i: number) => shared[i]! + WORTH_KEEPING <= Math.max(shared[i - 1] ?? 0, shared[i + 1] ?? 0);
  const batches: Batch[] = [];
  for (let from = 0; from < prompts.length; ) {
    let to = from + 1;
    while (to < prompts.length && to - from < most && !cut(to - 1)) to++;
    const own = prompts.slice(from, to);
    const room = Math.min(...own.map(({ length }) => length)) - 1;
    const next = shared[to - 1] ?? 0;
    const all = Math.min(room, ...shared.slice(from, to - 1));
    // One by itself has nothing to share but with the next.
    const kept = (own.length > 1 ? [next, all] : [next]).filter((length) => length >= WORTH_KEEPING && length <= all);
    batches.push({ from, to, shared: all, kept: [...new Set(kept)] });
    from = to;
  }
  return batches;
}

/** Tokens that two sequences have in common from their start. */
export function common(a: Int32Array, b: Int32Array): number {
  let length = 0;
  while (length < a.length && length < b.length && a[length] === b[length]) length++;
  return length;
}
