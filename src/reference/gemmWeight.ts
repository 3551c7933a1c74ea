export type StoredFormat = 'F32' | 'F16' | 'BF16' | 'Q8_0' | 'Q4_0' | 'Q4_1';

/** Bytes of 32 values of a row, by format, as GGUF stores them. */
export const BLOCK_BYTES = { F32: 128, F16: 64, BF16: 64, Q8_0: 34, Q4_0: 18, Q4_1: 20 } as const;

/** IEEE half precision to a number. */
export function half(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1024 + fraction) * 2 ** (exponent - 25);
}

/** The value of element `i` of a row-major array as a checkpoint stores it. Q8_0, Q4_0 and Q4_1 are blocks of 32. */
export function storedValue(format: StoredFormat, bytes: Uint8Array, i: number): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const block = Math.floor(i / 32) * BLOCK_BYTES[format];
  const j = i % 32;
  const nibble = (at: number) => (j < 16 ? bytes[at + j]! & 15 : bytes[at + j - 16]! >> 4);
  switch (format) {
    case 'F32':
      return view.getFloat32(4 * i, true);
    case 'F16':
      return half(view.getUint16(2 * i, true));
    case 'BF16': {
      const word = new DataView(new ArrayBuffer(4));
      word.setUint16(0, view.getUint16(2 * i, true)); // big-endian: the upper half
      return word.getFloat32(0);
    }
    case 'Q8_0':
      return half(view.getUint16(block, true)) * view.getInt8(block + 2 + j);
    case 'Q4_0':
      return half(view.getUint16(block, true)) * (nibble(block + 2) - 8);
    case 'Q4_1':
      return half(view.getUint16(block, true)) * nibble(block + 4) + half(view.getUint16(block + 2, true));
  }
}
