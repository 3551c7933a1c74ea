/**
 * Philox4x32-10 (Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3"): a keyed bijection of counters, so
 * any number can be drawn at any time, in any order, on either processor. shaders/lib/random.wgsl gives the same bits.
 * The only source of randomness here, with the platform's own at the end of the file for what must not repeat.
 */
export type Words = readonly [number, number, number, number];

const M0 = 0xd2511f53;
const M1 = 0xcd9e8d57;
const W0 = 0x9e3779b9;
const W1 = 0xbb67ae85;
const ROUNDS = 10;

/** The four u32 at `counter` (64 bits, low word first; `stream` is the upper half) of the sequence of `key`. */
export function random(
  key: readonly [number, number],
  counter: readonly [number, number],
  stream: readonly [number, number] = [0, 0],
): Words {
  let [k0, k1] = [key[0] >>> 0, key[1] >>> 0];
  let [a, b, c, d] = [counter[0] >>> 0, counter[1] >>> 0, stream[0] >>> 0, stream[1] >>> 0];
  for (let round = 0; round < ROUNDS; round++) {
    [a, b, c, d] = [
      (highWord(M1, c) ^ b ^ k0) >>> 0,
      Math.imul(M1, c) >>> 0,
      (highWord(M0, a) ^ d ^ k1) >>> 0,
      Math.imul(M0, a) >>> 0,
    ];
    k0 = (k0 + W0) >>> 0;
    k1 = (k1 + W1) >>> 0;
  }
  return [a, b, c, d];
}

/** The upper 32 bits of the 64-bit product, from 16-bit halves: doubles hold every partial sum exactly. */
function highWord(x: number, y: number): number {
  const [xl, xh, yl, yh] = [x & 0xffff, x >>> 16, y & 0xffff, y >>> 16];
  const middle = xh * yl + ((xl * yl) >>> 16);
  const carry = xl * yh + (middle & 0xffff);
  return (xh * yh + Math.floor(middle / 65536) + Math.floor(carry / 65536)) >>> 0;
}

/** A float in [0, 1) from the top 24 bits of a word; exact in f32. */
export const unitFloat = (word: number): number => (word >>> 8) / 16777216;

/**
 * A seed for one purpose: derive(run.seed, 'rollout', step, answer). Numbers are integers below 2^53. Different paths,
 * different seeds.
 */
export function derive(seed: number, ...path: readonly (number | string)[]): number {
  let [high, low] = [0, seed >>> 0];
  for (const part of path) {
    const words = typeof part === 'number' ? [part >>> 0, Math.floor(part / 2 ** 32) >>> 0, 0, 0] : hashOf(part);
    const kind = typeof part === 'number' ? 1 : 2;
    [low, high] = random([low, high], [words[0]!, words[1]!], [kind, words[2]!]);
  }
  return random([low, high], [0, 0], [3, 0])[0];
}

/** A string as 64 bits, chained through the generator two characters at a time, with its length. */
function hashOf(text: string): readonly number[] {
  let [x, y] = [text.length, 0];
  for (let i = 0; i < text.length; i += 2) {
    const pair = text.charCodeAt(i) + 65536 * (i + 1 < text.length ? text.charCodeAt(i + 1) : 0);
    [x, y] = random([x, y], [pair >>> 0, 0], [4, 0]);
  }
  return [x, y, text.length, 0];
}

/** Number `index` of the sequence of `seed`, uniform in [0, 1). */
export const uniform = (seed: number, index = 0): number => unitFloat(random([seed, 0], [index, 0])[0]);

/** Number `index` of the sequence of `seed`, uniform among the integers 0 … count − 1 (count up to 2^24). */
export const integer = (seed: number, count: number, index = 0): number => Math.floor(uniform(seed, index) * count);

/** Number `index` of the sequence of `seed`, standard normal (Box and Muller 1958). */
export function normal(seed: number, index = 0): number {
  const [a, b] = random([seed, 0], [index, 0]);
  return Math.sqrt(-2 * Math.log(1 - unitFloat(a))) * Math.cos(2 * Math.PI * unitFloat(b));
}

/** A copy in random order (Fisher and Yates), fixed by the seed. */
export function shuffled<T>(seed: number, items: readonly T[]): T[] {
  const order = [...items];
  for (let i = order.length - 1; i > 0; i--) {
    const j = integer(seed, i + 1, i);
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order;
}

/** An id that no other page or process has drawn. Names things only: nothing that a run computes may depend on it. */
export const newId = (): string => crypto.randomUUID();

/** Four characters of an id, which tell apart what is named within one second. */
export const shortId = (): string => newId().slice(0, 4);

/** A seed that nobody can foresee, for what is asked once (a u32); what is kept with it makes the rest repeatable. */
export const newSeed = (): number => crypto.getRandomValues(new Uint32Array(1))[0]!;
