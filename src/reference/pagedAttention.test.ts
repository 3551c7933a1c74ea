import { expect, it } from 'vitest';
import { attentionForward } from './attention';
import { worstError } from './gradientCheck';
import { pagedAttentionForward, pagedWrite } from './pagedAttention';

const seeded = (n: number, seed: number) =>
  Float64Array.from({ length: n }, (_, i) => Math.sin(12.9898 * (i + 1) + seed) * 1.7);

// There is no backward: generation needs no gradient. What must hold is that paging changes nothing.
it('equals attention over contiguous rows, whatever the blocks', () => {
  const sizes = { H: 2, K: 1, D: 2 };
  const lengths = [20, 3];
  const N = 23;
  const start = Array.from({ length: N }, (_, n) => (n < 20 ? 0 : 20));
  const rowSlot = Array.from({ length: N }, (_, n) => (n < 20 ? 1 : 0));
  const rowPosition = lengths.flatMap((T) => Array.from({ length: T }, (_, t) => t));
  const paging = { rowSlot, rowPosition, blockTable: [2, 9, 3, 0], M: 2 };
  const q = seeded(N * 4, 1);
  const k = seeded(N * 2, 2);
  const v = seeded(N * 2, 3);
  const keyCache = new Float64Array(4 * 16 * 2).fill(Number.NaN);
  const valueCache = keyCache.slice();
  pagedWrite(k, keyCache, paging);
  pagedWrite(v, valueCache, paging);
  const want = attentionForward(q, k, v, start, sizes).o;
  const got = pagedAttentionForward(q, keyCache, valueCache, paging, sizes);
  expect(worstError(got, want, { atol: 1e-12, rtol: 0 }).ratio).toBeLessThan(1);
});
