import type { Session } from './session';

/** What is asked of a run between the command that starts it and its first step. */
export class PendingRun {
  private readonly abort = new AbortController();
  private pauseWanted = false;

  /** Aborted when the run is to be given up. */
  get signal(): AbortSignal {
    return this.abort.signal;
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
  /** Passes on to the session what it was not there to hear. */
  handOver(session: Session): void {
    if (this.pauseWanted) session.pause();
    if (this.signal.aborted) session.stop();
  }
}
