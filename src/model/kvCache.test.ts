import { expect, it } from 'vitest';
import { KvCache } from './kvCache';

/** `count` tokens that are the same up to `common` for every `branch`. */
const tokens = (count: number, branch = 0, common = 0) =>
  Int32Array.from({ length: count }, (_, i) => (i < common ? i : 1000 * branch + i));

const open = (cache: KvCache, ids: Int32Array, adapter = false) => {
  const sequence = cache.open(ids, adapter);
  if (!sequence) throw new Error('does not fit');
  return sequence;
};

it('shares full blocks of a common prefix, also before they are computed', () => {
  const cache = new KvCache({ blocks: 20, maxBlocks: 8 });
  const a = open(cache, tokens(40, 1, 35));
  const b = open(cache, tokens(40, 2, 35));
  expect([a.shared, b.shared]).toEqual([0, 32]);
  expect(b.blocks.slice(0, 2)).toEqual(a.blocks.slice(0, 2));
  expect(b.blocks[2]).not.toBe(a.blocks[2]);
  expect(cache.available).toBe(20 - 4);
});

it('never shares the block of the last token', () => {
  const cache = new KvCache({ blocks: 20, maxBlocks: 8 });
  open(cache, tokens(32));
  expect(open(cache, tokens(32)).shared).toBe(16);
  expect(open(cache, tokens(33)).shared).toBe(16); // the second block was not complete when it was opened
  expect(open(cache, tokens(33)).shared).toBe(32); // now it is
  expect(open(cache, tokens(32)).shared).toBe(16);
});

it('tells equal blocks after different prefixes apart', () => {
  const cache = new KvCache({ blocks: 20, maxBlocks: 8 });
  open(cache, Int32Array.of(...tokens(16, 1), ...tokens(20)));
  expect(open(cache, Int32Array.of(...tokens(16, 2), ...tokens(20))).shared).toBe(0);
});

it('keeps adapter and base apart', () => {
  const cache = new KvCache({ blocks: 20, maxBlocks: 8 });
  open(cache, tokens(40), false);
  expect(open(cache, tokens(40), true).shared).toBe(0);
  expect(open(cache, tokens(40), true).shared).toBe(32);
});

it('finds blocks after their sequence has closed, until they are evicted, the tail first', () => {
  const cache = new KvCache({ blocks: 4, maxBlocks: 4 });
  cache.close(open(cache, tokens(50)));
  expect(cache.available).toBe(4);
  const again = open(cache, tokens(50));
  expect(again.shared).toBe(48);
  cache.close(again);
  const other = open(cache, tokens(20, 5)); // takes the blank block and the tail of the first
  const rest = cache.open(tokens(33), false, { positions: 32 });
  expect(rest?.shared).toBe(32);
  cache.close(other);
});

it('takes the least recently used first', () => {
  const cache = new KvCache({ blocks: 4, maxBlocks: 4 });
  for (const branch of [1, 2, 3, 4]) cache.close(cache.open(tokens(17, branch), false, { positions: 16 })!);
  cache.close(cache.open(tokens(17, 1), false, { positions: 16 })!); // used again
  cache.close(cache.open(tokens(17, 5), false, { positions: 16 })!); // evicts 2
  const shared = [1, 3, 4, 5, 2].map((branch) => {
    const sequence = cache.open(tokens(17, branch), false, { positions: 16 })!;
    const count = sequence.shared;
    cache.close(sequence);
    return count;
  });
  expect(shared).toEqual([16, 16, 16, 16, 0]);
});

it('names blocks filled while decoding', () => {
  const cache = new KvCache({ blocks: 8, maxBlocks: 8 });
  const a = open(cache, tokens(10));
  expect(cache.extend(a, 40)).toBe(true);
  cache.commit(a, tokens(41), 40);
  expect(open(cache, tokens(41)).shared).toBe(32);
});

it('forks: full blocks shared, the tail left to compute', () => {
  const cache = new KvCache({ blocks: 8, maxBlocks: 8 });
  const a = open(cache, tokens(40));
  const b = cache.fork(a);
  expect([b.shared, b.blocks]).toEqual([32, a.blocks.slice(0, 2)]);
  cache.close(a);
  expect(cache.available).toBe(6);
  cache.close(b);
  expect(cache.available).toBe(8);
});

it('takes nothing when it is full', () => {
  const cache = new KvCache({ blocks: 3, maxBlocks: 3 });
  const a = open(cache, tokens(20));
  expect(cache.open(tokens(33, 2), false)).toBeNull();
  expect(cache.extend(a, 48)).toBe(true);
  expect(cache.available).toBe(0);
  const spare = new KvCache({ blocks: 3, maxBlocks: 3 });
  expect(spare.open(tokens(32), false, { reserve: 2 })).toBeNull();
  expect(spare.available).toBe(3);
  expect(open(spare, tokens(32)).shared).toBe(0); // what was refused is not found
  expect(() => cache.extend(a, 49)).toThrow('at most 48');
  cache.close(a);
  expect(cache.available).toBe(3);
});

it('forgets everything when the weights change, and open sequences name nothing afterwards', () => {
  const cache = new KvCache({ blocks: 8, maxBlocks: 8 });
  const a = open(cache, tokens(40));
  cache.close(open(cache, tokens(40, 3)));
  cache.invalidate();
  cache.commit(a, tokens(60), 50);
  expect(open(cache, tokens(40, 3)).shared).toBe(0);
  expect(cache.open(tokens(33), false, { positions: 32 })?.shared).toBe(0);
});

it('loses no block over many random openings and closings', () => {
  const cache = new KvCache({ blocks: 16, maxBlocks: 8 });
  let state = 1;
  const next = (n: number) => {
    state = (state * 48271) % 2147483647;
    return state % n;
  };
  const live: ReturnType<typeof open>[] = [];
  for (let i = 0; i < 2000; i++) {
    if (next(3) > 0) {
      const sequence = cache.open(tokens(1 + next(100), next(3), next(64)), next(2) === 1);
      if (sequence) live.push(sequence);
    } else if (live.length > 0) cache.close(live.splice(next(live.length), 1)[0]!);
    const held = new Set(live.flatMap(({ blocks }) => blocks));
    expect(cache.available + held.size).toBe(16);
  }
});
