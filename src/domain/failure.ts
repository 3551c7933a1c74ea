/** An expected failure, as data. `during` says which command or phase it ended; the run, if any, is kept unless the text says otherwise. */
export type Failure = {
  readonly kind:
    | 'noWebGpu'
    | 'deviceLost'
    | 'outOfMemory'
    | 'badConfig'
    | 'badModel'
    | 'badData'
    | 'notFinite'
    | 'diskFull'
    | 'runLocked'
    | 'needsFiles'
    | 'unexpected';
  /** What happened, in plain words. */
  readonly message: string;
  /** What it means for the run and what to do. */
  readonly advice: string;
  /** Technical details for a report; may be empty. */
  readonly details: string;
  readonly runId: string | null;
};
