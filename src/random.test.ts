import { expect, it } from 'vitest';
import { derive, integer, normal, random, shuffled, uniform, unitFloat } from './random';

// Known answers of the authors' reference implementation (Random123, kat_vectors).
it.each([
  [
    [0, 0],
    [0, 0],
    [0, 0],
    [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8],
  ],
  [
    [0xffffffff, 0xffffffff],
    [0xffffffff, 0xffffffff],
    [0xffffffff, 0xffffffff],
    [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
  ],
  [
    [0xa4093822, 0x299f31d0],
    [0x243f6a88, 0x85a308d3],
    [0x13198a2e, 0x03707344],
    [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
  ],
])('gives the published words for key %j, counter %j %j', (key, counter, stream, words) => {
  const pair = ([a, b]: number[]) => [a!, b!] as const;
  expect(random(pair(key), pair(counter), pair(stream))).toEqual(words);
});

it('makes floats in [0, 1)', () => {
  expect(unitFloat(0)).toBe(0);
  expect(unitFloat(0xffffffff)).toBe(1 - 2 ** -24);
  const n = 100000;
  const means = { uniform: 0, normal: 0, square: 0 };
  for (let i = 0; i < n; i++) {
    means.uniform += uniform(11, i) / n;
    means.normal += normal(11, i) / n;
    means.square += normal(11, i) ** 2 / n;
  }
  // Within four standard errors.
  expect(Math.abs(means.uniform - 0.5)).toBeLessThan(4 * Math.sqrt(1 / 12 / n));
  expect(Math.abs(means.normal)).toBeLessThan(4 * Math.sqrt(1 / n));
  expect(Math.abs(means.square - 1)).toBeLessThan(4 * Math.sqrt(2 / n));
});

it('derives different seeds for different paths, the same for the same', () => {
  const paths = [[], [0], [1], [0, 0], [1, 0], [0, 1], ['a'], ['b'], ['ab'], ['ba'], ['a', 0], ['1'], [2 ** 32], ['']];
  const seeds = paths.map((path) => derive(1, ...path));
  expect(new Set(seeds).size).toBe(paths.length);
  expect(seeds).toEqual(paths.map((path) => derive(1, ...path)));
  expect(derive(2, 'a')).not.toBe(derive(1, 'a'));
  expect(derive(1)).not.toBe(1);
});

it('shuffles without losing anything, every order about equally often', () => {
  const items = [1, 2, 3];
  const counts = new Map<string, number>();
  for (let seed = 0; seed < 6000; seed++) {
    const order = shuffled(seed, items);
    expect([...order].sort()).toEqual(items);
    counts.set(order.join(), (counts.get(order.join()) ?? 0) + 1);
  }
  expect(counts.size).toBe(6);
  for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(150);
  expect(items).toEqual([1, 2, 3]);
  expect(integer(3, 10)).toBeLessThan(10);
});
