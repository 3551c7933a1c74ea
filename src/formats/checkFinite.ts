import type { StoredTensor } from './checkpoint';
import { FormatError } from './formatError';
import { elements, type TensorFormat } from './tensorFormat';

/**
 * Where the exponents of a format are, in 16-bit words: of every value, or of the scales and offsets of every block.
 */
const EXPONENTS: Record<TensorFormat, { stride: number; words: readonly number[]; mask: number }> = {
  F32: { stride: 2, words: [1], mask: 0x7f80 },
  BF16: { stride: 1, words: [0], mask: 0x7f80 },
  F16: { stride: 1, words: [0], mask: 0x7c00 },
  Q8_0: { stride: 17, words: [0], mask: 0x7c00 },
  Q4_0: { stride: 9, words: [0], mask: 0x7c00 },
  Q4_1: { stride: 10, words: [0, 1], mask: 0x7c00 },
  Q5_0: { stride: 11, words: [0], mask: 0x7c00 },
  Q5_1: { stride: 12, words: [0, 1], mask: 0x7c00 },
  Q4_K: { stride: 72, words: [0, 1], mask: 0x7c00 },
  Q5_K: { stride: 88, words: [0, 1], mask: 0x7c00 },
  Q6_K: { stride: 105, words: [104], mask: 0x7c00 },
};

/** Index of the first value, or block, of a stored tensor that is NaN or infinite; −1 when all are finite. */
export function firstNotFinite(format: TensorFormat, bytes: Uint8Array): number {
  const { stride, words, mask } = EXPONENTS[format];
  const aligned = bytes.byteOffset % 2 === 0 ? bytes : bytes.slice();
  const view = new Uint16Array(aligned.buffer, aligned.byteOffset, aligned.byteLength >> 1);
  let first = -1;
  for (const word of words) {
    for (let at = word, i = 0; at < view.length; at += stride, i++) {
      if ((view[at]! & mask) !== mask) continue;
      if (first < 0 || i < first) first = i;
      break;
    }
  }
  return first;
}

/** Throws FormatError with the tensor and its file when a stored tensor holds NaN or infinity. */
export function checkFinite(tensor: Omit<StoredTensor, 'read' | 'readPart'>, bytes: Uint8Array): void {
  const { name, shape, format, file } = tensor;
  const first = firstNotFinite(format, bytes);
  if (first < 0) return;
  const where = format.startsWith('Q') ? `block ${first}` : `value ${first} of ${elements(shape)}`;
  throw new FormatError(
    `${file ?? 'The model'}: ${name} holds NaN or infinity (${where})`,
    'Every answer and grade would be meaningless. Download or export the file again; if it is whole, its training failed.',
  );
}
