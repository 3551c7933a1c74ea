import type { Session } from './session';

/** What is asked of a run between the request that starts it and its first step. */
export class PendingRun {
  private readonly abort = new AbortController();
  private pauseWanted = false;
  /** Aborted when the run is to be given up: by a stop, or because its call was cancelled. */
  readonly signal: AbortSignal;

  constructor(call: { readonly signal: AbortSignal }) {
    this.signal = AbortSignal.any([this.abort.signal, call.signal]);
  }

  get stopped(): boolean {
    return this.abort.signal.aborted;
  }
  pause(): void {
    this.pauseWanted = true;
  }
  resume(): void {
    this.pauseWanted = false;
  }
  stop(): void {
    this.abort.abort();
  }
  /** Passes on to the session what came too early for it. */
  handOver(session: Session): void {
    if (this.pauseWanted) session.pause();
    if (this.signal.aborted) session.stop();
  }
}
