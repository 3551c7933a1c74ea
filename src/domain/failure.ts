/** The fields of every expected failure. */
interface Said {
  /** What happened, in plain words. */
  readonly message: string;
  /** The consequence for the run, and what to do. */
  readonly advice: string;
  /** Technical details for a report; may be empty. */
  readonly details: string;
  readonly runId: string | null;
}

/** An expected failure, as data. The run, if any, is saved unless the text says otherwise. */
export type Failure =
  | (Said & { readonly kind: 'noWebGpu' })
  | (Said & { readonly kind: 'deviceLost' })
  | (Said & { readonly kind: 'outOfMemory' })
  | (Said & { readonly kind: 'badConfig' })
  | (Said & { readonly kind: 'badModel' })
  | (Said & { readonly kind: 'badData' })
  | (Said & { readonly kind: 'notFinite' })
  | (Said & { readonly kind: 'diskFull' })
  /** Another tab has the run open. */
  | (Said & { readonly kind: 'runLocked' })
  /** Files are missing that only the person has. */
  | (Said & { readonly kind: 'needsFiles' })
  /** The worker behind the page is gone. */
  | (Said & { readonly kind: 'workerStopped' })
  | (Said & { readonly kind: 'unexpected' });

export type FailureKind = Failure['kind'];

/** An aborted signal throws it: a person cancelled, which is not a failure. */
export const isAbort = (error: unknown): boolean =>
  (error instanceof Error || error instanceof DOMException) && error.name === 'AbortError';
