/**
 * The browser's quota or the disk has no room for what was to be written. Nothing of it was kept; what was there before
 * is whole.
 */
export class DiskFull extends Error {
  override readonly name = 'DiskFull';
  constructor(what: string, cause?: unknown) {
    super(`No room to store ${what}`, { cause });
  }
}

/** A file of a kept run cannot be read back. */
export class DamagedRun extends Error {
  override readonly name = 'DamagedRun';
  constructor(file: string, what: string) {
    super(`${file} is damaged: ${what}`);
  }
}

/** A checkpoint has lost or changed bytes since it was saved. */
export class DamagedCheckpoint extends Error {
  override readonly name = 'DamagedCheckpoint';
  constructor(
    readonly runId: string,
    readonly step: number,
    readonly what: string,
  ) {
    super(`The checkpoint of step ${step} is damaged: ${what}.`);
  }
}

/** Two models differ in bytes that their ids do not cover. The one that was kept before stays. */
export class OtherWeights extends Error {
  override readonly name = 'OtherWeights';
  constructor(name: string, kept: string) {
    super(`${name} has the same identity as the kept model ${kept}, but other bytes: it was not kept`);
  }
}

/** Another tab or process has this run open for writing. */
export class RunLocked extends Error {
  override readonly name = 'RunLocked';
  constructor(readonly runId: string) {
    super(`Run ${runId} is open elsewhere: close the other tab or process first`);
  }
}

const FULL = new Set(['QuotaExceededError', 'NS_ERROR_FILE_NO_DEVICE_SPACE', 'ENOSPC', 'EDQUOT']);

/** Runs a write and turns the platforms' ways to say "full" into DiskFull; other errors pass. */
export async function orDiskFull<T>(what: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (cause) {
    if (!(cause instanceof Error)) throw cause;
    const code = 'code' in cause ? String(cause.code) : '';
    if (FULL.has(cause.name) || FULL.has(code)) throw new DiskFull(what, cause);
    throw cause;
  }
}
