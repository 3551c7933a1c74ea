/** One line of a file, or why it could not be read. Skips blank lines; numbers count from 1. */
export type Line = { readonly number: number } & ({ readonly text: string } | { readonly reason: string });

/**
 * Longer lines are reported and skipped: real rows are far shorter, and a file without line breaks must not fill
 * memory.
 */
export const MAX_LINE_BYTES = 4 * 1024 * 1024;

const NEWLINE = 0x0a;

/**
 * Splits bytes (or text) into lines as they arrive; at most one line is held. Gives way to other work every 20 ms, so
 * that a large file never blocks the thread.
 */
export async function* readLines(
  chunks: AsyncIterable<Uint8Array | string>,
  maxLineBytes = MAX_LINE_BYTES,
): AsyncGenerator<Line> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let parts: Uint8Array[] = [];
  let held = 0;
  let number = 1;
  let lastRest = performance.now();

  const finish = (): Line | undefined => {
    const line = held > maxLineBytes ? tooLong(number, held, maxLineBytes) : decode(decoder, parts, held, number);
    parts = [];
    held = 0;
    number++;
    return 'text' in line && line.text.trim() === '' ? undefined : line;
  };

  for await (const chunk of chunks) {
    const bytes = typeof chunk === 'string' ? new TextEncoder().encode(chunk) : chunk;
    let from = 0;
    while (from < bytes.length) {
      const newline = bytes.indexOf(NEWLINE, from);
      const to = newline < 0 ? bytes.length : newline;
      held += to - from;
      if (held <= maxLineBytes) parts.push(bytes.subarray(from, to));
      else parts = [];
      from = to + 1;
      if (newline < 0) break;
      const line = finish();
      if (line) yield line;
      if (performance.now() - lastRest > 20) {
        await new Promise((resolve) => setTimeout(resolve, 0));
        lastRest = performance.now();
      }
    }
  }
  if (held > 0) {
    const line = finish();
    if (line) yield line;
  }
}

const tooLong = (number: number, bytes: number, most: number): Line => ({
  number,
  reason: `the line has ${(bytes / 1e6).toFixed(1)} MB, over the limit of ${(most / 1e6).toFixed(1)} MB`,
});

function decode(decoder: TextDecoder, parts: readonly Uint8Array[], length: number, number: number): Line {
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  try {
    return { number, text: decoder.decode(whole) }; // a byte order mark is dropped by the decoder
  } catch {
    return { number, reason: 'not UTF-8 text' };
  }
}
