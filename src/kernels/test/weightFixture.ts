import type { Gpu } from '../../gpu/gpu';
import { seeded } from '../../gpu/test/testGpu';
import type { Weight, WeightFormat } from '../weights/weight';
import { rowBytes, type StoredFormat } from '../weights/weightPack';
import type { StoredMatrix } from '../weights/weightUpload';

/** For tests: reproducible bytes of a stored matrix (out, in) with finite values of order 1 in every format. */
export function storedBytes(format: StoredFormat, out: number, in_: number, seed: number): Uint8Array {
  const values = seeded(out * in_, seed);
  const bytes = new Uint8Array(out * rowBytes(format, in_));
  const at = new DataView(bytes.buffer);
  if (format === 'F32') bytes.set(new Uint8Array(values.buffer));
  else if (format === 'BF16') {
    const bits = new Uint32Array(values.buffer);
    for (let i = 0; i < bits.length; i++) at.setUint16(2 * i, bits[i]! >>> 16, true);
  } else if (format === 'F16') {
    // Sign, an exponent from 2^-5 to 2^0, any fraction.
    for (let i = 0; i < values.length; i++) {
      at.setUint16(2 * i, ((i & 1) << 15) | ((10 + (i % 6)) << 10) | ((i * 389) & 1023), true);
    }
  } else {
    bytes.forEach((_, i) => {
      bytes[i] = (i * 101 + ((i * i) >> 3) * 17 + seed) & 255;
    });
    const size = rowBytes(format, 32);
    for (let from = 0, i = 0; from < bytes.length; from += size, i++) {
      // Scales of either sign near what keeps values of order 1.
      at.setUint16(from, ((i & 1) << 15) | ((format === 'Q8_0' ? 8 : 11) << 10) | ((i * 577) & 1023), true);
      if (format === 'Q4_1') at.setUint16(from + 2, ((~i & 1) << 15) | (14 << 10) | ((i * 211) & 1023), true);
    }
  }
  return bytes;
}

const STORED = { f32: 'F32', bf16: 'BF16', f16: 'F16', q8: 'Q8_0', q4: 'Q4_1' } as const;

/** For tests: a matrix whose upload has the given format. */
export const storedMatrix = (format: WeightFormat, out: number, in_: number, seed: number): StoredMatrix => ({
  format: STORED[format],
  shape: [out, in_],
  bytes: storedBytes(STORED[format], out, in_, seed),
});

/** (out, in) → (in, out), in f64. */
export function transposed(values: Float32Array, out: number, in_: number): Float64Array {
  const result = new Float64Array(out * in_);
  for (let n = 0; n < out; n++) for (let k = 0; k < in_; k++) result[k * out + n] = values[n * in_ + k]!;
  return result;
}

/**
 * What an f32 weight holds in the columns that round its shards up to whole vec4. AdamW and the gradient norm go over
 * them: they must stay 0.
 */
export async function paddingOf(gpu: Gpu, { shards }: Weight): Promise<number[]> {
  const padding: number[] = [];
  for (const { count, words } of shards) {
    const stride = words.shape[1]!;
    padding.push(...(await gpu.readF32(words)).filter((_, i) => i % stride >= count));
  }
  return padding;
}
