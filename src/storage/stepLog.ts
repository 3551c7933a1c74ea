import { mkdir, open, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Bytes that are read at a time while looking for the end of the last whole line. */
const TAIL_BYTES = 64 * 1024;

/**
 * A file of one JSON object a line that grows at its end. A line counts from when its line feed is written: what a
 * killed process left after the last one is cut off before the next line follows, and what a failed write left is cut
 * off at once.
 */
export class StepLog {
  /** Bytes of whole lines; null while the end of the file is not known to be one. */
  private size: number | null = null;

  constructor(private readonly path: string) {}

  async append(value: unknown): Promise<void> {
    const line = new TextEncoder().encode(`${JSON.stringify(value)}\n`);
    await mkdir(dirname(this.path), { recursive: true });
    const file = await open(this.path, 'a+');
    try {
      this.size ??= await wholeBytes(this.path, file);
      try {
        await file.appendFile(line);
        await file.datasync();
        this.size += line.length;
      } catch (error) {
        await file.truncate(this.size);
        throw error;
      }
    } catch (error) {
      this.size = null;
      throw error;
    } finally {
      await file.close();
    }
  }

  /** The file was written by somebody else. */
  forget(): void {
    this.size = null;
  }
}

/** Cuts off what follows the last line feed, and returns what is left, in bytes. */
async function wholeBytes(path: string, file: Awaited<ReturnType<typeof open>>): Promise<number> {
  const { size } = await stat(path);
  for (let end = size; end > 0; end -= TAIL_BYTES) {
    const start = Math.max(0, end - TAIL_BYTES);
    const { buffer, bytesRead } = await file.read(new Uint8Array(end - start), 0, end - start, start);
    const last = buffer.subarray(0, bytesRead).lastIndexOf(10);
    if (last < 0) continue;
    const whole = start + last + 1;
    if (whole < size) await file.truncate(whole);
    return whole;
  }
  if (size > 0) await file.truncate(0);
  return 0;
}
