import { DataError } from '../../data/split';
import type { Failure, FailureKind } from '../../domain/failure';
import { LabError, toFailure } from '../../lab/failures';
import { DamagedCheckpoint, DamagedRun } from '../../storage/storageError';

/** What the page advises and a terminal cannot do, said for a terminal. */
const ADVICE: Partial<Record<FailureKind, string>> = {
  noWebGpu:
    'Dawn found no graphics adapter with Vulkan, Metal or Direct3D 12: install a driver, or Mesa’s software one.',
  runLocked: '',
};

/** An error as one line for a person at a terminal: nothing that it quotes from a file can move the cursor. */
export function errorLine(error: unknown): string {
  const failure = toFailure(error);
  const foreseen = error instanceof LabError || error instanceof DamagedRun || error instanceof DamagedCheckpoint;
  const ownAdvice =
    failure.kind === 'unexpected' ? unexpectedAdvice(error) : (ADVICE[failure.kind] ?? dataAdvice(error));
  return failureLine(foreseen ? failure : { ...failure, advice: ownAdvice ?? failure.advice });
}

/** A failure as one line. */
export function failureLine({ message, advice }: Pick<Failure, 'message' | 'advice'>): string {
  const said = message.trim();
  const ended = advice === '' || /[.!?]$/.test(said) ? said : `${said}.`;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is replaced
  return `${ended} ${advice}`.trim().replace(/[\u0000-\u001f\u007f-\u009f]+/g, ' ');
}

/** Rows that cannot be read may be those of another layout. */
const dataAdvice = (error: unknown): string | undefined =>
  error instanceof DataError && /no usable/.test(error.message)
    ? 'Give HealthBench’s JSONL, or name the columns of another layout by --map (see --help).'
    : undefined;

/** What the system says of a file needs no advice. */
const unexpectedAdvice = (error: unknown): string =>
  error instanceof Error && 'syscall' in error
    ? ''
    : 'This was not foreseen: with DEBUG=1 in the environment it says where.';
