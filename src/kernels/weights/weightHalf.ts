import { fromHalf } from '../../halfFloat';

/** −8 times a half, as half bits, exact. Throws where that is more than a half can hold (|d| above 8188). */
export function timesMinusEight(bits: number): number {
  let magnitude = bits & 0x7fff;
  // Doubling shifts the fraction below the smallest normal number and raises the exponent above it.
  for (let i = 0; i < 3; i++) magnitude = magnitude < 0x400 ? magnitude << 1 : magnitude + 0x400;
  if (magnitude >= 0x7c00) throw new Error(`a Q4_0 scale of ${fromHalf(bits)} is too large to be a real checkpoint's`);
  return magnitude | (~bits & 0x8000);
}
