import { fromHalf } from '../halfFloat';
import { StoredBlock } from '../kernels/weights/storedBlocks';
import { BLOCKS, type TensorFormat } from './tensorFormat';

/**
 * Values of a stored tensor in f32, on the CPU. Exact for F32, F16 and BF16; for blocks it is the format's own formula
 * in f32: Q8_0 w = d·q (q signed 8-bit), Q4_0 w = d·(q − 8), Q4_1 w = d·q + m (q 0 … 15). In a 4-bit block byte i holds
 * value i in its low half and value i + 16 in its high half (ggml's layout). kernels/weights/storedBlocks.ts has the others.
 */
export function dequantize(format: TensorFormat, bytes: Uint8Array): Float32Array<ArrayBuffer> {
  const block = BLOCKS[format];
  if (bytes.length % block.bytes !== 0) throw new RangeError(`${bytes.length} bytes are not whole ${format} blocks`);
  const count = bytes.length / block.bytes;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const out = new Float32Array(count * block.values);
  switch (format) {
    case 'F32':
      for (let i = 0; i < count; i++) out[i] = view.getFloat32(4 * i, true);
      return out;
    case 'F16':
      for (let i = 0; i < count; i++) out[i] = fromHalf(view.getUint16(2 * i, true));
      return out;
    case 'BF16': {
      const bits = new Uint32Array(out.buffer);
      for (let i = 0; i < count; i++) bits[i] = view.getUint16(2 * i, true) << 16;
      return out;
    }
    case 'Q8_0':
      for (let b = 0; b < count; b++) {
        const at = b * block.bytes;
        const d = fromHalf(view.getUint16(at, true));
        for (let i = 0; i < 32; i++) out[32 * b + i] = d * view.getInt8(at + 2 + i);
      }
      return out;
    case 'Q4_0':
      for (let b = 0; b < count; b++) {
        const at = b * block.bytes;
        const d = fromHalf(view.getUint16(at, true));
        for (let i = 0; i < 16; i++) {
          const pair = bytes[at + 2 + i]!;
          out[32 * b + i] = d * ((pair & 15) - 8);
          out[32 * b + 16 + i] = d * ((pair >> 4) - 8);
        }
      }
      return out;
    case 'Q4_1':
      for (let b = 0; b < count; b++) {
        const at = b * block.bytes;
        const d = fromHalf(view.getUint16(at, true));
        const m = fromHalf(view.getUint16(at + 2, true));
        for (let i = 0; i < 16; i++) {
          const pair = bytes[at + 4 + i]!;
          // As in f32 arithmetic: the product is rounded before the sum.
          out[32 * b + i] = Math.fround(d * (pair & 15)) + m;
          out[32 * b + 16 + i] = Math.fround(d * (pair >> 4)) + m;
        }
      }
      return out;
    case 'Q5_0':
    case 'Q5_1':
    case 'Q4_K':
    case 'Q5_K':
    case 'Q6_K': {
      const stored = new StoredBlock(format);
      for (let b = 0; b < count; b++) {
        stored.read(view, b * block.bytes);
        stored.values(out, b * block.values);
      }
      return out;
    }
  }
}
