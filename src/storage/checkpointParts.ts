import { sha256Hex } from './contentHash';
import type { RunCheckpoint } from './runStore';
import { checkName } from './runStore';
import { DamagedCheckpoint } from './storageError';

/** A part as the record of its checkpoint describes it. */
export interface StoredPart {
  readonly name: string;
  readonly bytes: number;
  /** SHA-256 in hex; absent in checkpoints that were saved without. */
  readonly sha256?: string | undefined;
}

/** What the record of a checkpoint says of its parts. Throws when a part's name cannot name a file. */
export const describeParts = ({ parts }: RunCheckpoint): Promise<StoredPart[]> =>
  Promise.all(
    [...parts].map(async ([name, bytes]) => ({
      name: checkName(name),
      bytes: bytes.length,
      sha256: await sha256Hex(bytes),
    })),
  );

/** Reads the parts of the checkpoints of one store, and remembers which are damaged. */
export class CheckpointReader {
  private readonly damaged = new Map<string, string>();

  /**
   * Null for a part that is not there. Throws DamagedCheckpoint when one is missing or has other bytes than were saved.
   */
  async read(
    { runId, step }: { runId: string; step: number },
    described: readonly StoredPart[],
    partAt: (name: string) => Promise<Uint8Array | null>,
  ): Promise<RunCheckpoint> {
    const parts = new Map<string, Uint8Array>();
    for (const { name, bytes, sha256 } of described) {
      const part = await partAt(name);
      const wrong = !part
        ? `its part ${name} is missing`
        : part.length !== bytes
          ? `its part ${name} has ${part.length} bytes, ${bytes} were saved`
          : sha256 !== undefined && (await sha256Hex(part)) !== sha256
            ? `its part ${name} has other bytes than were saved`
            : null;
      if (wrong) {
        this.damaged.set(keyOf(runId, step), wrong);
        throw new DamagedCheckpoint(runId, step, wrong);
      }
      parts.set(name, part!);
    }
    this.damaged.delete(keyOf(runId, step));
    return { step, parts };
  }

  /** For a summary: what was found wrong when the checkpoint was read. */
  seen(runId: string, step: number): { readonly damaged?: string } {
    const damaged = this.damaged.get(keyOf(runId, step));
    return damaged === undefined ? {} : { damaged };
  }

  /** It was replaced or deleted. */
  forget(runId: string, step: number): void {
    this.damaged.delete(keyOf(runId, step));
  }
}

const keyOf = (runId: string, step: number): string => `${step} ${runId}`;
