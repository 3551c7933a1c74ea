import type { Session } from './session';

/** Controls of a run between the request that starts it and its first step. */
export class PendingRun {
  private readonly abort = new AbortController();
  private pauseRequested = false;
  /** Aborts by a stop, or when its call is cancelled. */
  readonly signal: AbortSignal;

  constructor(call: { readonly signal: AbortSignal }) {
    this.signal = AbortSignal.any([this.abort.signal, call.signal]);
  }

  get stopped(): boolean {
    return this.abort.signal.aborted;
  }
  pause(): void {
    this.pauseRequested = true;
  }
  resume(): void {
    this.pauseRequested = false;
  }
  stop(): void {
    this.abort.abort();
  }
  /** Passes on to the session what came too early for it. */
  handOver(session: Session): void {
    if (this.pauseRequested) session.pause();
    if (this.signal.aborted) session.stop();
  }
}
