const f32 = new Float32Array(1);
const u32 = new Uint32Array(f32.buffer);

/** A number from the bits of an IEEE 754 half (binary16), exactly; subnormals, infinities and NaN included. */
export function fromHalf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (1024 + fraction) * 2 ** (exponent - 25);
}

/** A number as half bits, rounded to nearest, ties to even; infinite above 65,504. */
export function toHalf(value: number): number {
  f32[0] = value;
  const sign = (u32[0]! >>> 16) & 0x8000;
  const magnitude = Math.abs(f32[0]);
  if (Number.isNaN(magnitude)) return 0x7e00;
  if (magnitude < 2 ** -14) return sign | toEven(magnitude * 2 ** 24); // subnormal, or the smallest normal number
  const bits = u32[0]! & 0x7fffffff;
  const rounded = (bits - (112 << 23) + 0xfff + ((bits >>> 13) & 1)) >>> 13; // a carry raises the exponent
  return sign | Math.min(rounded, 0x7c00);
}

function toEven(value: number): number {
  const rounded = Math.round(value);
  return rounded - value === 0.5 && rounded % 2 === 1 ? rounded - 1 : rounded;
}

/** A number as bf16 bits, rounded to nearest, ties to even. */
export function toBf16(value: number): number {
  f32[0] = value;
  const bits = u32[0]!;
  if (Number.isNaN(value)) return 0x7fc0;
  return (bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16;
}

/** A number from the bits of a bf16. */
export function fromBf16(bits: number): number {
  u32[0] = bits << 16;
  return f32[0]!;
}
