import type { Gpu } from '../../gpu/gpu';
import { fromBf16, fromHalf } from '../../halfFloat';
import type { Weight, WeightFormat } from './weight';
import { type ShardLayout, shardLayout } from './weightLayout';
import { convertShard, FORMAT_OF, type PackedShard, packShard, rowBytes, type StoredFormat } from './weightPack';

export { weightBytes } from './weightLayout';
export type { StoredFormat } from './weightPack';

/** A matrix as a checkpoint holds it: row-major (out, in), little-endian. */
export interface StoredMatrix {
  readonly format: StoredFormat;
  readonly shape: readonly [out: number, in_: number];
  readonly bytes: Uint8Array;
}

interface ShardOptions {
  /** Largest shard in bytes; the adapter's largest binding unless given. */
  readonly maxBytes?: number;
}

/**
 * Transposes, repacks, cuts and uploads a matrix of a checkpoint, keeping its bits unless `as` asks for f32 (from
 * anything) or bf16 (rounded to nearest even). Throws when the bytes do not fit the shape, or the conversion is none of
 * these.
 */
export function uploadWeight(
  gpu: Gpu,
  label: string,
  { format: stored, shape: [N, K], bytes }: StoredMatrix,
  { as, maxBytes = gpu.facts.maxBindingBytes }: { as?: WeightFormat } & ShardOptions = {},
): Weight {
  const native = FORMAT_OF[stored];
  const format = as ?? native;
  if (format !== native && format !== 'f32' && format !== 'bf16') {
    throw new Error(`${label}: ${stored} can be loaded as ${native} or converted to f32 or bf16, not to ${format}`);
  }
  if (bytes.byteLength !== N * rowBytes(stored, K)) {
    throw new Error(`${label}: ${stored} (${N}, ${K}) takes ${N * rowBytes(stored, K)} bytes, got ${bytes.byteLength}`);
  }
  return upload(gpu, label, format, K, N, maxBytes, (shard) =>
    format === native
      ? packShard(stored, bytes, K, shard)
      : convertShard(stored, bytes, K, shard, format as 'f32' | 'bf16'),
  );
}

/** A weight of zeros: gradients, optimizer state, an adapter's B. */
export function zeroWeight(
  gpu: Gpu,
  label: string,
  { format = 'f32', K, N }: { format?: WeightFormat; K: number; N: number },
  { maxBytes = gpu.facts.maxBindingBytes }: ShardOptions = {},
): Weight {
  return upload(gpu, label, format, K, N, maxBytes, () => undefined);
}

function upload(
  gpu: Gpu,
  label: string,
  format: WeightFormat,
  K: number,
  N: number,
  maxBytes: number,
  pack: (shard: ShardLayout) => PackedShard | undefined,
): Weight {
  const type = format === 'f32' ? 'f32' : 'u32';
  const shards = shardLayout(format, K, N, maxBytes).map((layout, i) => {
    const packed = pack(layout);
    const { start, count } = layout;
    const name = `${label}[${i}]`;
    const words = gpu.tensor(name, layout.words, packed?.words, type);
    return layout.scales
      ? { start, count, words, scales: gpu.tensor(`${name}.scales`, layout.scales, packed?.scales, 'u32') }
      : { start, count, words };
  });
  return { label, format, K, N, shards };
}

/** Gives a weight's buffers back. Only for weights made here, which own theirs. */
export function releaseWeight(gpu: Gpu, { shards }: Weight): void {
  for (const { words, scales } of shards) {
    gpu.release(words.buffer);
    if (scales) gpu.release(scales.buffer);
  }
}

/** The values of a weight as f32, (out, in) row-major as in a checkpoint. */
export async function readWeight(gpu: Gpu, { format, K, N, shards }: Weight): Promise<Float32Array> {
  const values = new Float32Array(N * K);
  for (const { start, count, words, scales } of shards) {
    const stride = words.shape[1]!;
    const w = format === 'f32' ? new Uint32Array() : await gpu.readU32(words);
    const f = format === 'f32' ? await gpu.readF32(words) : new Float32Array();
    const s = scales ? await gpu.readU32(scales) : new Uint32Array();
    for (let n = 0; n < count; n++) {
      const row = values.subarray((start + n) * K, (start + n + 1) * K);
      for (let k = 0; k < K; k++) {
        if (format === 'f32') row[k] = f[k * stride + n]!;
        else if (format === 'bf16') row[k] = fromBf16((w[(k >> 1) * stride + n]! >>> (16 * (k & 1))) & 0xffff);
        else if (format === 'f16') row[k] = fromHalf((w[(k >> 1) * stride + n]! >>> (16 * (k & 1))) & 0xffff);
        else {
          const scale = s[(k >> 5) * stride + n]!;
          const q =
            format === 'q8'
              ? (w[(k >> 2) * stride + n]! << (24 - 8 * (k & 3))) >> 24
              : (w[(k >> 3) * stride + n]! >>> (4 * (k & 7))) & 15;
          row[k] = fromHalf(scale & 0xffff) * q + fromHalf(scale >>> 16);
        }
      }
    }
  }
  return values;
}
