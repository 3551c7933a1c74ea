import { FormatError } from '../../formats/formatError';
import type { TokenizerFiles } from '../../formats/tokenizerFiles';
import type { Port } from '../../protocol/port';
import type { TokenizerPart } from '../../text/tryTokenizer';

export type ProbeCommand = { readonly type: 'try'; readonly files: TokenizerFiles };
export type ProbeNotice =
  | { readonly type: 'part'; readonly part: TokenizerPart }
  | { readonly type: 'done' }
  | { readonly type: 'failed'; readonly message: string };

/** A thread that does nothing but try one tokenizer (probeHost.ts). */
export interface ProbeThread {
  readonly port: Port<ProbeCommand, ProbeNotice>;
  /** Called when it ends by itself: out of memory, or its script could not be loaded. */
  onDeath(listener: (reason: string) => void): void;
  /** Ends it at once, whatever it does. */
  terminate(): void;
}

/** Milliseconds for a thread to start and to read the vocabulary; that time is linear in the size of a bounded file. */
const STARTING = 30_000;
/** Milliseconds for the template and the patterns together. Published ones take 0.6 s at most on one slow core. */
const DEADLINE = 3000;

const FILES: Record<TokenizerPart, string> = {
  tokenizer: 'tokenizer.json',
  'chat template': 'The chat template',
  patterns: 'A pattern in tokenizer.json',
};

/**
 * Tries a checkpoint's tokenizer and chat template in a thread of its own, which is ended after the deadline: a regular
 * expression that has begun can't be stopped otherwise. Throws FormatError for what does not finish, runs out of memory
 * or fails on text. What opening the model would refuse anyway is left to it.
 */
export async function probeTokenizer(
  files: TokenizerFiles,
  openThread: () => ProbeThread | Promise<ProbeThread>,
  deadline = DEADLINE,
): Promise<void> {
  const thread = await openThread();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let part: TokenizerPart = 'tokenizer';
  try {
    await new Promise<void>((resolve, reject) => {
      const expire = (milliseconds: number) => {
        clearTimeout(timer);
        const spent = `does not finish within ${milliseconds / 1000} s`;
        timer = setTimeout(() => reject(refused(part, spent)), milliseconds);
      };
      thread.onDeath((reason) => reject(refused(part, `could not be tried: ${reason}`)));
      thread.port.receive({
        part: (notice) => {
          if (part === 'tokenizer' && notice.part !== part) expire(deadline);
          part = notice.part;
        },
        done: () => resolve(),
        failed: ({ message }) => (part === 'patterns' ? reject(refused(part, `fails: ${message}`)) : resolve()),
      });
      expire(STARTING);
      thread.port.send({ type: 'try', files });
    });
  } finally {
    clearTimeout(timer);
    thread.terminate();
  }
}

const refused = (part: TokenizerPart, why: string): FormatError =>
  new FormatError(
    `${FILES[part]} ${why}`,
    'Use the tokenizer files that the model was published with. If they are, close other programs and try again.',
  );
