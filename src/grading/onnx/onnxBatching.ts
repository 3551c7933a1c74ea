import { mean } from '../../domain/statistics';
import type { OnnxSession } from './onnxSession';

/** Which sequences may share a pass: any, those of the same length, or none. */
export type Batching = 'any' | 'equal' | 'single';

/**
 * Of the logits' own spread: quantised models round a batch otherwise than a row, a mask that is not heeded changes
 * everything.
 */
const TOLERANCE = 0.1;

/**
 * Finds out by trying. Exports differ: some are of one row, and some count the mask instead of heeding it
 * (GroupQueryAttention), so that padding on the left would be read as text.
 */
export async function tryBatching(session: OnnxSession): Promise<Batching> {
  const [short, long] = [Int32Array.of(3, 1, 4, 1), Int32Array.of(5, 9, 2, 6, 5, 3, 5, 8, 9, 7)];
  const alone = await logitsOf(session, [short]);
  const same = async (rows: readonly Int32Array[]) => {
    const together = await logitsOf(session, rows).catch(() => null);
    return together !== null && agree(together.at(-1)!, alone[0]!);
  };
  if (!(await same([Int32Array.of(2, 7, 1, 8), short]))) return 'single';
  return session.has('attention_mask') && (await same([long, short])) ? 'any' : 'equal';
}

async function logitsOf(session: OnnxSession, rows: readonly Int32Array[]): Promise<readonly Float32Array[]> {
  const { logits, cache } = await session.run(rows, null);
  session.free(cache);
  return logits;
}

/** False for NaN. */
function agree(a: Float32Array, b: Float32Array): boolean {
  const centre = mean(b);
  const norm = (of: (i: number) => number) => Math.sqrt(b.reduce((sum, _, i) => sum + of(i) ** 2, 0));
  return norm((i) => a[i]! - b[i]!) <= TOLERANCE * norm((i) => b[i]! - centre);
}
