import { UNPACKED, type UnpackedFormat } from '../kernels/weights/storedBlocks';

/** How a tensor's values lie in a file. Quantised ones are blocks of 32 or 256 along the last axis, as in GGUF. */
export type TensorFormat = 'F32' | 'F16' | 'BF16' | 'Q8_0' | 'Q4_0' | 'Q4_1' | UnpackedFormat;

/**
 * `values` numbers take `bytes` bytes. Q8_0: f16 scale, 32 i8. Q4_0: f16 scale, 16 bytes. Q4_1: f16 scale, f16 offset,
 * 16 bytes. The others are in kernels/weights/storedBlocks.ts.
 */
export const BLOCKS = {
  F32: { values: 1, bytes: 4 },
  F16: { values: 1, bytes: 2 },
  BF16: { values: 1, bytes: 2 },
  Q8_0: { values: 32, bytes: 34 },
  Q4_0: { values: 32, bytes: 18 },
  Q4_1: { values: 32, bytes: 20 },
  ...UNPACKED,
} as const satisfies Record<TensorFormat, { values: number; bytes: number }>;

export const elements = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);

/** Bytes of a tensor; NaN when a row is not a whole number of blocks. */
export function tensorBytes(format: TensorFormat, shape: readonly number[]): number {
  const { values, bytes } = BLOCKS[format];
  return (shape.at(-1) ?? 1) % values === 0 ? (elements(shape) / values) * bytes : Number.NaN;
}
