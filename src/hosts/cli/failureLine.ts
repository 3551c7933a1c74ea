import { DataError } from '../../data/split';
import type { Failure, FailureKind } from '../../domain/failure';
import { LabError, toFailure } from '../../lab/failures';
import { DamagedCheckpoint, DamagedRun } from '../../storage/storageError';
import { printable } from './print/terminal';

/** Advice for a terminal where the advice of the page does not apply. */
const ADVICE: Partial<Record<FailureKind, string>> = {
  noWebGpu:
    'Dawn found no graphics adapter with Vulkan, Metal or Direct3D 12. Install a driver, or Mesa’s software driver.',
  runLocked: '',
};

/** An error as one line for a terminal. Text that it quotes from a file cannot move the cursor. */
export function errorLine(error: unknown): string {
  const failure = toFailure(error);
  const expected = error instanceof LabError || error instanceof DamagedRun || error instanceof DamagedCheckpoint;
  const ownAdvice =
    failure.kind === 'unexpected' ? unexpectedAdvice(error) : (ADVICE[failure.kind] ?? dataAdvice(error));
  return failureLine(expected ? failure : { ...failure, advice: ownAdvice ?? failure.advice });
}

/** A failure as one line. */
export function failureLine({ message, advice }: Pick<Failure, 'message' | 'advice'>): string {
  const text = message.trim();
  const ended = advice === '' || /[.!?]$/.test(text) ? text : `${text}.`;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: it replaces control characters
  return printable(`${ended} ${advice}`.trim().replace(/[\u0000-\u001f\u007f-\u009f]+/g, ' '));
}

/** A file without usable rows may have another layout. */
const dataAdvice = (error: unknown): string | undefined =>
  error instanceof DataError && /no usable/.test(error.message)
    ? 'Use a HealthBench JSONL file, or name the columns of another layout with --map (see --help).'
    : undefined;

/** Errors of the operating system about a file need no advice. */
const unexpectedAdvice = (error: unknown): string =>
  error instanceof Error && 'syscall' in error ? '' : 'This error is unexpected: set DEBUG=1 to print a stack trace.';
