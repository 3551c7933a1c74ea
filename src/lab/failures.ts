import { ZodError, z } from 'zod';
import { DataError } from '../data/split';
import type { Failure, FailureKind } from '../domain/failure';
import { FormatError } from '../formats/formatError';
import { NoWebGpu } from '../gpu/device';
import { DeviceLost, GpuError } from '../gpu/gpu';
import { NotFinite } from '../rl/notFinite';
import { NothingFits } from '../rl/warmStart';
import { DamagedCheckpoint, DamagedRun, DiskFull, OtherWeights, RunLocked } from '../storage/storageError';
import { ChatTemplateError } from '../text/chatTemplate';

/** An expected failure of the lab. */
export class LabError extends Error {
  override name = 'LabError';
  constructor(
    readonly kind: FailureKind,
    message: string,
    readonly advice: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

const ADVICE = {
  noWebGpu: 'Use a current Chrome, Edge, Safari or Firefox. The Device card says how to turn on WebGPU.',
  deviceLost: 'Continue the run from its last checkpoint. If it happens again, close other programs that use the GPU.',
  outOfMemory: 'Use shorter answers, fewer answers per prompt, a smaller micro-batch or a smaller model.',
  data: 'Open the official HealthBench JSONL, or rows in its schema.',
  notFinite: 'The run stopped, and its last good checkpoint is saved. Continue from it with a lower learning rate.',
  diskFull: 'This was not saved. Delete old runs or checkpoints to free space.',
  unexpected: 'Your runs are saved. Reload the page. If it happens again, copy the report into an issue.',
} as const;

/** The failure that the page shows, from anything thrown. */
export function toFailure(error: unknown, runId: string | null = null): Failure {
  const message = error instanceof Error ? error.message : String(error);
  const details = error instanceof Error ? detailsOf(error) : '';
  const failure = (kind: FailureKind, advice: string, text = message): Failure => ({
    kind,
    message: text,
    advice,
    details,
    runId,
  });
  if (error instanceof LabError) return failure(error.kind, error.advice);
  if (error instanceof NoWebGpu) return failure('noWebGpu', ADVICE.noWebGpu);
  if (error instanceof DeviceLost) return failure('deviceLost', ADVICE.deviceLost);
  if (error instanceof FormatError) return failure('badModel', error.advice);
  if (error instanceof ChatTemplateError) return failure('badModel', 'Use an instruct checkpoint of the same family.');
  if (error instanceof DataError) return failure('badData', ADVICE.data);
  if (error instanceof NotFinite) return failure('notFinite', ADVICE.notFinite);
  if (error instanceof NothingFits)
    return failure('badConfig', 'Allow longer prompts or answers, or a larger micro-batch.');
  if (error instanceof DiskFull) return failure('diskFull', ADVICE.diskFull);
  if (error instanceof DamagedCheckpoint) return failure('unexpected', 'Choose another checkpoint of the run.');
  if (error instanceof DamagedRun) return failure('unexpected', 'Restore the file from a copy, or start a new run.');
  if (error instanceof OtherWeights)
    return failure(
      'badModel',
      'The run goes on. After a reload, delete the saved model on Checkpoints and open the files again.',
    );
  if (error instanceof RunLocked)
    return failure('runLocked', 'Close the other tab that has this run open, then try again.');
  if (error instanceof ZodError) return failure('badConfig', 'Fix these recipe fields.', z.prettifyError(error));
  if (error instanceof GpuError || error instanceof RangeError) {
    if (/memory|largest buffer|allocation/i.test(message)) return failure('outOfMemory', ADVICE.outOfMemory);
  }
  return failure('unexpected', ADVICE.unexpected);
}

function detailsOf(error: Error): string {
  const cause = error.cause instanceof Error ? `\ncaused by ${error.cause.stack ?? error.cause.message}` : '';
  return `${error.stack ?? error.message}${cause}`;
}
