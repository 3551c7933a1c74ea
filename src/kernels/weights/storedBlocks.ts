import { fromHalf } from '../../halfFloat';

/** ggml's quantised types that no GPU format keeps as they are; weightPack.ts turns them into q8, q4 or f16. */
export type UnpackedFormat = 'Q5_0' | 'Q5_1' | 'Q4_K' | 'Q5_K' | 'Q6_K';

/** A block of `values` values takes `bytes` bytes; each `group` of them shares a scale and, where so, an offset. */
export const UNPACKED = {
  Q5_0: { values: 32, bytes: 22, group: 32, offsets: false },
  Q5_1: { values: 32, bytes: 24, group: 32, offsets: true },
  Q4_K: { values: 256, bytes: 144, group: 32, offsets: true },
  Q5_K: { values: 256, bytes: 176, group: 32, offsets: true },
  Q6_K: { values: 256, bytes: 210, group: 16, offsets: false },
} as const;

/** A block taken apart: value i is scale[i / group] · q[i] + offset[i / group], in f32. */
export class StoredBlock {
  readonly q = new Int8Array(256);
  readonly scale = new Float32Array(16);
  readonly offset = new Float32Array(16);

  constructor(private readonly format: UnpackedFormat) {}

  /** Reads the block at byte `at` (ggml's layouts, ggml-common.h; products as its Python package rounds them). */
  read(view: DataView, at: number): void {
    switch (this.format) {
      case 'Q5_0':
        this.scale[0] = fromHalf(view.getUint16(at, true));
        this.fives(view, at + 2, at + 6, 16);
        return;
      case 'Q5_1':
        this.scale[0] = fromHalf(view.getUint16(at, true));
        this.offset[0] = fromHalf(view.getUint16(at + 2, true));
        this.fives(view, at + 4, at + 8, 0);
        return;
      case 'Q4_K':
        this.kScales(view, at);
        for (let i = 0; i < 256; i++) this.q[i] = kNibble(view, at + 16, i);
        return;
      case 'Q5_K':
        this.kScales(view, at);
        for (let i = 0; i < 256; i++) {
          const high = (view.getUint8(at + 16 + (i & 31)) >> (i >> 5)) & 1;
          this.q[i] = kNibble(view, at + 48, i) | (high << 4);
        }
        return;
      case 'Q6_K': {
        const d = fromHalf(view.getUint16(at + 208, true));
        for (let g = 0; g < 16; g++) this.scale[g] = d * view.getInt8(at + 192 + g);
        for (let i = 0; i < 256; i++) {
          const [half, part, j] = [i >> 7, (i >> 5) & 3, i & 31];
          const low = (view.getUint8(at + 64 * half + 32 * (part & 1) + j) >> (4 * (part >> 1))) & 15;
          const high = (view.getUint8(at + 128 + 32 * half + j) >> (2 * part)) & 3;
          this.q[i] = (low | (high << 4)) - 32;
        }
        return;
      }
    }
  }

  /** Writes the block's values. */
  values(out: Float32Array, from: number): void {
    const { values, group, offsets } = UNPACKED[this.format];
    for (let i = 0; i < values; i++) {
      const g = Math.floor(i / group);
      const product = Math.fround(this.scale[g]! * this.q[i]!); // rounded before the sum
      out[from + i] = offsets ? product + this.offset[g]! : product;
    }
  }

  /** 32 values of 5 bits less `zero`: four bytes of high bits, then nibbles, i and i + 16 to a byte. */
  private fives(view: DataView, bits: number, nibbles: number, zero: number): void {
    const high = view.getUint32(bits, true);
    for (let i = 0; i < 32; i++) {
      const low = (view.getUint8(nibbles + (i & 15)) >> (i < 16 ? 0 : 4)) & 15;
      this.q[i] = (low | (((high >>> i) & 1) << 4)) - zero;
    }
  }

  /** d, dmin, then eight scales and eight offsets of 6 bits in 12 bytes. */
  private kScales(view: DataView, at: number): void {
    const d = fromHalf(view.getUint16(at, true));
    const dmin = fromHalf(view.getUint16(at + 2, true));
    const byte = (i: number) => view.getUint8(at + 4 + i);
    for (let g = 0; g < 8; g++) {
      const scale = g < 4 ? byte(g) & 63 : (byte(g + 4) & 15) | ((byte(g - 4) >> 2) & 48);
      const offset = g < 4 ? byte(g + 4) & 63 : (byte(g + 4) >> 4) | ((byte(g) >> 2) & 48);
      this.scale[g] = d * scale;
      this.offset[g] = -(dmin * offset);
    }
  }
}

/** Value i of 256: in each 32 bytes the low halves are 32 values and the high halves the next 32. */
const kNibble = (view: DataView, at: number, i: number): number =>
  (view.getUint8(at + 32 * (i >> 6) + (i & 31)) >> (i & 32 ? 4 : 0)) & 15;
