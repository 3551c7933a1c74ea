import { readFileSync } from 'node:fs';

/**
 * `count` numbers in [−1, 1), exact in f32: an integer hash of index and seed, the same as in
 * tools/fixtures/recorded.py.
 */
export function recordedValues(count: number, seed: number): Float32Array {
  return Float32Array.from({ length: count }, (_, i) => {
    let h = (Math.imul(i, 0x9e3779b1) + Math.imul(seed, 0x85ebca77)) >>> 0;
    h = Math.imul(h ^ (h >>> 16), 0x7feb352d);
    h = Math.imul(h ^ (h >>> 15), 0x846ca68b);
    h = (h ^ (h >>> 16)) >>> 0;
    return (h >>> 8) / 2 ** 23 - 1;
  });
}

/** Numbers that a fixture keeps as base64 of little-endian f32. */
export function unpack(base64: string): Float32Array {
  const bytes = Buffer.from(base64, 'base64');
  return Float32Array.from({ length: bytes.length / 4 }, (_, i) => bytes.readFloatLE(4 * i));
}

/**
 * A fixture beside a test: `readFixture<Shape>(import.meta.url, 'fixtures/x.json')`. Made by us, so its shape is taken
 * on trust.
 */
export const readFixture = <T>(beside: string, path: string): T =>
  JSON.parse(readFileSync(new URL(path, beside), 'utf8')) as T;

/** ‖a − b‖ / ‖b‖; infinite when b is zero and a is not. */
export function relativeError(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) throw new Error(`lengths differ: got ${a.length}, want ${b.length}`);
  let difference = 0;
  let size = 0;
  for (let i = 0; i < b.length; i++) {
    difference += (a[i]! - b[i]!) ** 2;
    size += b[i]! ** 2;
  }
  return difference === 0 ? 0 : Math.sqrt(difference / size);
}
