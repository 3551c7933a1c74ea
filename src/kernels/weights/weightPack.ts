import { fromBf16, fromHalf, toBf16, toHalf } from '../../halfFloat';
import { StoredBlock, UNPACKED, type UnpackedFormat } from './storedBlocks';
import type { WeightFormat } from './weight';
import { timesMinusEight } from './weightHalf';
import type { ShardLayout } from './weightLayout';

/** Element types of a checkpoint, as GGUF names them; safetensors' F32, F16 and BF16 are the first three. */
export type StoredFormat = 'F32' | 'F16' | 'BF16' | 'Q8_0' | 'Q4_0' | 'Q4_1' | UnpackedFormat;

/**
 * The GPU format for a stored type. It keeps the values exactly, but for Q4_K and Q5_K, whose scales and offsets are
 * products that are rounded to f16, and Q6_K, whose values are: by 2^−12 of each at most.
 */
export const FORMAT_OF = {
  F32: 'f32',
  F16: 'f16',
  BF16: 'bf16',
  Q8_0: 'q8',
  Q4_0: 'q4',
  Q4_1: 'q4',
  Q5_0: 'q8',
  Q5_1: 'q8',
  Q4_K: 'q4',
  Q5_K: 'q8',
  Q6_K: 'f16',
} as const satisfies Record<StoredFormat, WeightFormat>;

const isUnpacked = (format: StoredFormat): format is UnpackedFormat => format in UNPACKED;

/** Bytes of one block of a quantised type: 32 values of one output row. */
const BLOCK_BYTES = { Q8_0: 34, Q4_0: 18, Q4_1: 20 } as const;

/** Bytes of K values of a row. */
export function rowBytes(format: StoredFormat, K: number): number {
  if (format === 'F32') return 4 * K;
  if (format === 'F16' || format === 'BF16') return 2 * K;
  if (isUnpacked(format)) return (K / UNPACKED[format].values) * UNPACKED[format].bytes;
  return (K / 32) * BLOCK_BYTES[format];
}

export interface PackedShard {
  readonly words: Uint32Array;
  readonly scales?: Uint32Array;
}

/** Transposes rows [start, start + count) of a stored (out, in) matrix into a shard's words in FORMAT_OF its format. */
export function packShard(format: StoredFormat, bytes: Uint8Array, K: number, shard: ShardLayout): PackedShard {
  if (format === 'Q6_K') return convertShard(format, bytes, K, shard, 'f16');
  if (isUnpacked(format)) return repack(format, bytes, K, shard);
  const [rows, stride] = shard.words as readonly [number, number];
  const words = new Uint32Array(rows * stride);
  const at = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const rowSize = rowBytes(format, K);
  if (format === 'Q8_0' || format === 'Q4_0' || format === 'Q4_1') {
    const scales = new Uint32Array((K / 32) * stride);
    const size = BLOCK_BYTES[format];
    for (let n = 0; n < shard.count; n++) {
      for (let block = 0; block < K / 32; block++) {
        const from = (shard.start + n) * rowSize + block * size;
        const d = at.getUint16(from, true);
        const m = format === 'Q4_0' ? timesMinusEight(d) : format === 'Q4_1' ? at.getUint16(from + 2, true) : 0;
        scales[block * stride + n] = d | (m << 16);
        if (format === 'Q8_0') {
          for (let w = 0; w < 8; w++) words[(8 * block + w) * stride + n] = at.getUint32(from + 2 + 4 * w, true);
        } else {
          const nibbles = from + (format === 'Q4_1' ? 4 : 2);
          for (let half = 0; half < 2; half++) {
            const low = at.getUint32(nibbles + 8 * half, true);
            const high = at.getUint32(nibbles + 8 * half + 4, true);
            const word = (4 * block + half) * stride + n;
            words[word] = evenNibbles(low, high);
            words[word + 2 * stride] = evenNibbles(low >>> 4, high >>> 4);
          }
        }
      }
    }
    return { words, scales };
  }
  const perWord = format === 'F32' ? 1 : 2;
  const whole = Math.floor(K / perWord);
  for (let n = 0; n < shard.count; n++) {
    const from = (shard.start + n) * rowSize;
    for (let w = 0; w < whole; w++) words[w * stride + n] = at.getUint32(from + 4 * w, true);
    if (whole < rows) words[whole * stride + n] = at.getUint16(from + 4 * whole, true);
  }
  return { words };
}

/** Blocks of 32 with an f16 scale and offset, from a type that has other blocks. */
function repack(format: UnpackedFormat, bytes: Uint8Array, K: number, shard: ShardLayout): PackedShard {
  const [rows, stride] = shard.words as readonly [number, number];
  const words = new Uint32Array(rows * stride);
  const scales = new Uint32Array((K / 32) * stride);
  const at = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { values, bytes: size } = UNPACKED[format];
  const bits = FORMAT_OF[format] === 'q4' ? 4 : 8;
  const perWord = 32 / bits;
  const mask = 2 ** bits - 1;
  const block = new StoredBlock(format);
  for (let n = 0; n < shard.count; n++) {
    const from = (shard.start + n) * rowBytes(format, K);
    for (let first = 0; first < K; first += values) {
      block.read(at, from + (first / values) * size);
      for (let g = 0; g < values / 32; g++) {
        scales[(first / 32 + g) * stride + n] = finiteHalf(block.scale[g]!) | (finiteHalf(block.offset[g]!) << 16);
      }
      for (let i = 0; i < values; i += perWord) {
        let word = 0;
        for (let p = 0; p < perWord; p++) word |= (block.q[i + p]! & mask) << (bits * p);
        words[((first + i) / perWord) * stride + n] = word;
      }
    }
  }
  return { words, scales };
}

function finiteHalf(value: number): number {
  const bits = toHalf(value);
  if ((bits & 0x7c00) === 0x7c00) throw new Error(`a scale of ${value} is too large to be a real checkpoint's`);
  return bits;
}

/** The low nibbles of eight bytes (four in `low`, four in `high`) as one word, in order. */
function evenNibbles(low: number, high: number): number {
  return squeeze(low) | (squeeze(high) << 16);
}

/** 0x0d0c0b0a → 0xdcba, whatever the other nibbles are. */
const squeeze = (word: number): number =>
  (word & 0xf) | ((word >>> 4) & 0xf0) | ((word >>> 8) & 0xf00) | ((word >>> 12) & 0xf000);

/** Values of rows of a stored matrix as f32, K at a time. */
export function storedRow(format: StoredFormat, bytes: Uint8Array, K: number, row: number): Float32Array {
  const at = new DataView(bytes.buffer, bytes.byteOffset + row * rowBytes(format, K), rowBytes(format, K));
  const values = new Float32Array(K);
  if (isUnpacked(format)) {
    const block = new StoredBlock(format);
    const { values: count, bytes: size } = UNPACKED[format];
    for (let b = 0; b < K / count; b++) {
      block.read(at, b * size);
      block.values(values, b * count);
    }
    return values;
  }
  for (let k = 0; k < K; k++) {
    if (format === 'F32') values[k] = at.getFloat32(4 * k, true);
    else if (format === 'F16') values[k] = fromHalf(at.getUint16(2 * k, true));
    else if (format === 'BF16') values[k] = fromBf16(at.getUint16(2 * k, true));
    else {
      const from = (k >> 5) * BLOCK_BYTES[format];
      const d = fromHalf(at.getUint16(from, true));
      const j = k & 31;
      if (format === 'Q8_0') values[k] = d * at.getInt8(from + 2 + j);
      else {
        const byte = at.getUint8(from + (format === 'Q4_1' ? 4 : 2) + (j & 15));
        const q = j < 16 ? byte & 15 : byte >> 4;
        values[k] = format === 'Q4_0' ? d * (q - 8) : d * q + fromHalf(at.getUint16(from + 2, true));
      }
    }
  }
  return values;
}

/** Rows of a stored matrix converted to f32 words, or to bf16 or f16 rounded to nearest even. */
export function convertShard(
  format: StoredFormat,
  bytes: Uint8Array,
  K: number,
  shard: ShardLayout,
  as: 'f32' | 'bf16' | 'f16',
): PackedShard {
  const [rows, stride] = shard.words as readonly [number, number];
  const rounded = as === 'bf16' ? toBf16 : toHalf;
  const values = as === 'f32' ? new Float32Array(rows * stride) : new Uint16Array(2 * rows * stride);
  for (let n = 0; n < shard.count; n++) {
    const row = storedRow(format, bytes, K, shard.start + n);
    if (as === 'f32') for (let k = 0; k < K; k++) values[k * stride + n] = row[k]!;
    else for (let k = 0; k < K; k++) values[2 * ((k >> 1) * stride + n) + (k & 1)] = rounded(row[k]!);
  }
  return { words: new Uint32Array(values.buffer) };
}
