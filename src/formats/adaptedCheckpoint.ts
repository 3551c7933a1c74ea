import { projectionName } from '../families/tensors';
import type { Checkpoint, StoredTensor } from './checkpoint';
import { dequantize } from './dequantize';
import type { Adapter, AdapterPair } from './peft';
import { elements } from './tensorFormat';

/**
 * The checkpoint with an adapter's change in its weights: W + alpha / rank · B · A, in f32 whatever the base is stored
 * as, since rounding the sum to bf16 or to blocks would lose part of what was learned. Other tensors keep their bits.
 * Nothing is read before it is asked for.
 */
export function adaptedCheckpoint(checkpoint: Checkpoint, { rank, alpha, pairs }: Adapter): Checkpoint {
  const tensors = new Map(checkpoint.tensors);
  for (const pair of pairs) {
    const name = projectionName(pair.layer, pair.projection);
    const base = checkpoint.tensors.get(name);
    if (!base) throw new Error(`${checkpoint.name} has no ${name} that the adapter could change`);
    tensors.set(name, merged(base, pair, rank, alpha / rank));
  }
  return { ...checkpoint, tensors };
}

function merged(base: StoredTensor, pair: AdapterPair, rank: number, scale: number): StoredTensor {
  const read = async () => {
    const values = dequantize(base.format, await base.read());
    addLowRank(values, pair, rank, scale);
    return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  };
  const readPart = async (start: number, end: number) => (await read()).subarray(start, end);
  return { ...base, format: 'F32', bytes: 4 * elements(base.shape), read, readPart };
}

/** W (out, in) += scale · B (out, R) · A (R, in) */
export function addLowRank(w: Float32Array, { a, b }: Pick<AdapterPair, 'a' | 'b'>, rank: number, scale: number): void {
  const inputs = a.length / rank;
  const outputs = b.length / rank;
  const row = new Float64Array(inputs);
  for (let out = 0; out < outputs; out++) {
    row.fill(0);
    for (let r = 0; r < rank; r++) {
      const factor = scale * b[out * rank + r]!;
      if (factor === 0) continue;
      for (let i = 0; i < inputs; i++) row[i]! += factor * a[r * inputs + i]!;
    }
    for (let i = 0; i < inputs; i++) w[out * inputs + i]! += row[i]!;
  }
}
