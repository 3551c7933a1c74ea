/** `done` of `total` units: answers, criteria, tokens, micro-batches or bytes. */
export type Progress = (done: number, total: number) => void;

/** Progress and cancellation of some work. It travels as the last argument to everything that the work calls. */
export interface WorkContext {
  /** Once aborted, the work rejects with the signal's reason: an AbortError. */
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: Progress | undefined;
}

/**
 * The context of a part of some work: its progress counts as `size` of the `total` units of the whole, after the
 * `before` that are done.
 */
export const partOf = (
  { signal, onProgress }: WorkContext,
  { before, size, total }: { readonly before: number; readonly size: number; readonly total: number },
): WorkContext => ({
  signal,
  onProgress: (done, of) => onProgress?.(before + Math.floor((size * done) / Math.max(1, of)), total),
});

/** Progress and cancellation of work in several phases. */
export interface PhasedContext<Phase extends string> extends Pick<WorkContext, 'signal'> {
  readonly onPhase?: ((phase: Phase, done: number, total: number) => void) | undefined;
}

/** The context of one phase. */
export const phaseOf = <Phase extends string>(
  { signal, onPhase }: PhasedContext<Phase>,
  phase: Phase,
): WorkContext => ({ signal, onProgress: (done, total) => onPhase?.(phase, done, total) });
