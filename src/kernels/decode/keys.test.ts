import { expect, it } from 'vitest';
import { guarded, poison, readGuarded, seeded, testGpu } from '../../gpu/test/testGpu';
import { worstError } from '../../reference/gradientCheck';
import { pagedWrite } from '../../reference/pagedAttention';
import { rmsNormForward } from '../../reference/rmsNorm';
import { ropeForward } from '../../reference/rope';
import { ropeTable } from '../rope';
import { decodeKeys } from './keys';

const eps = 1e-5;
const BLOCK = 16;
const theta = 1e4;

it.each([
  { H: 4, K: 2, D: 16, normed: true, rotates: true },
  { H: 3, K: 3, D: 128, normed: true, rotates: true },
  { H: 2, K: 1, D: 64, normed: false, rotates: true },
  { H: 2, K: 2, D: 24, normed: true, rotates: false },
  { H: 2, K: 1, D: 256, normed: false, rotates: false },
])('norms, turns and stores as one by one: %j', async ({ H, K, D, normed, rotates }) => {
  const gpu = await testGpu();
  const frequencies = Float64Array.from({ length: D / 2 }, (_, i) => theta ** ((-2 * i) / D));
  const op = await decodeKeys(gpu, { normed });
  const rowSlot = Uint32Array.of(1, 0, 1);
  const rowPosition = Uint32Array.of(17, 3, 18);
  const N = rowSlot.length;
  const [M, blocks] = [3, 6];
  const blockTable = Uint32Array.of(4, 1, 0, 5, 2, 3);
  const qkv = seeded(N * (H + 2 * K) * D, 1);
  const weights = { query: seeded(D, 2), key: seeded(D, 3) };
  const cache0 = seeded(blocks * BLOCK * K * D, 4);
  const t = {
    qkv: guarded(gpu, 'qkv', [N, (H + 2 * K) * D], qkv),
    table: rotates ? gpu.tensor('table', [40, D], ropeTable(frequencies, 40)) : null,
    rowSlot: gpu.tensor('rowSlot', [N], rowSlot),
    rowPosition: gpu.tensor('rowPosition', [N], rowPosition),
    blockTable: gpu.tensor('blockTable', [2, M], blockTable),
    q: guarded(gpu, 'q', [N, H, D], poison(N * H * D)),
    keyCache: guarded(gpu, 'keyCache', [blocks, BLOCK, K, D], cache0),
    valueCache: guarded(gpu, 'valueCache', [blocks, BLOCK, K, D], cache0),
    norms: normed
      ? { query: gpu.tensor('queryNorm', [D], weights.query), key: gpu.tensor('keyNorm', [D], weights.key) }
      : null,
    eps,
  };
  op(gpu.recorder, t, N);

  const heads = (first: number, count: number) =>
    Float64Array.from(
      Array.from({ length: N }, (_, n) => [
        ...qkv.subarray((n * (H + 2 * K) + first) * D, (n * (H + 2 * K) + first + count) * D),
      ]).flat(),
    );
  const prepared = (side: 'query' | 'key', first: number, count: number) => {
    const raw = heads(first, count);
    const values = normed ? rmsNormForward(raw, Float64Array.from(weights[side]), eps).y : raw;
    if (rotates) ropeForward(values, rowPosition, { frequencies, scale: 1 });
    return values;
  };
  const paging = { rowSlot, rowPosition, blockTable, M };
  const [keys, values] = [Float64Array.from(cache0), Float64Array.from(cache0)];
  pagedWrite(prepared('key', H, K), keys, paging);
  pagedWrite(heads(H + K, K), values, paging);
  for (const [tensor, want] of [
    [t.q, prepared('query', 0, H)],
    [t.keyCache, keys],
    [t.valueCache, values],
  ] as const) {
    const worst = worstError(await readGuarded(gpu, tensor), want, { atol: 1e-5, rtol: 1e-5 });
    expect(worst.ratio, `${tensor.label} ${JSON.stringify(worst)}`).toBeLessThan(1);
  }
});
