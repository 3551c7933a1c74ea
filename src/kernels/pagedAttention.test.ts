import { expect, it } from 'vitest';
import { guarded, poison, readGuarded, seeded, testGpu } from '../gpu/test/testGpu';
import { worstError } from '../reference/gradientCheck';
import { pagedAttentionForward, pagedWrite } from '../reference/pagedAttention';
import { BLOCK, pagedAttention } from './pagedAttention';

const f64 = (a: Float32Array) => Float64Array.from(a);

/**
 * A cache with scattered blocks; slot s holds lengths[s] tokens. Two slots share their first block, as after a fork.
 */
function paging(lengths: readonly number[]) {
  const S = lengths.length;
  const M = Math.ceil(Math.max(...lengths) / BLOCK) + 1;
  const blocks = 7 * Math.ceil((S * M + 1) / 7) + 1; // prime to 7, the stride below, with blocks to spare
  const blockTable = Uint32Array.from({ length: S * M }, (_, i) => (7 * i + 2) % blocks);
  if (S > 1) blockTable[M] = blockTable[0]!;
  return { M, S, blocks, blockTable };
}

interface Case {
  /** (slot, position) of each row. */
  readonly rows: readonly (readonly [number, number])[];
  readonly lengths: readonly number[];
  readonly H: number;
  readonly K: number;
  readonly D: number;
  readonly window?: number;
}

const cases: readonly Case[] = [
  // Decoding: one row per slot, caches below, at and above a chunk (8 or 64 keys).
  { rows: [[0, 0]], lengths: [1], H: 1, K: 1, D: 4 },
  {
    rows: [
      [0, 4],
      [2, 129],
      [1, 63],
    ],
    lengths: [5, 64, 130],
    H: 6,
    K: 2,
    D: 32,
  },
  {
    rows: [
      [1, 64],
      [0, 15],
      [2, 16],
    ],
    lengths: [16, 65, 17],
    H: 2,
    K: 2,
    D: 64,
  },
  // The head sizes of larger models: quads that do not divide the 64 lanes, that do, and as many as lanes.
  {
    rows: [
      [1, 66],
      [0, 3],
    ],
    lengths: [5, 70],
    H: 2,
    K: 1,
    D: 96,
  },
  { rows: [[0, 70]], lengths: [71], H: 2, K: 2, D: 128 },
  { rows: [[0, 66]], lengths: [67], H: 1, K: 1, D: 256 },
  // Prefill: rows of a slot at all its positions, between rows of others.
  {
    rows: [
      [1, 0],
      [1, 1],
      [0, 20],
      [1, 2],
      [1, 9],
    ],
    lengths: [21, 10],
    H: 3,
    K: 1,
    D: 12,
  },
  // A sliding window: below a chunk, across chunks, longer than what is cached, of one position.
  ...[1, 9, 70, 500].map((window) => ({
    rows: [
      [0, 4],
      [2, 129],
      [1, 63],
    ] as const,
    lengths: [5, 64, 130],
    H: 6,
    K: 2,
    D: 32,
    window,
  })),
];

it.each(
  cases.flatMap((c) => [
    { ...c, variant: 'workgroup' as const, shared: 1, peers: undefined },
    { ...c, variant: 'subgroup' as const, shared: c.H / c.K, peers: 8 },
    // Subgroups of four, as SwiftShader has: a head that they share evenly, and one that they do not.
    ...(c.D === 32 || c.D === 12 ? [{ ...c, variant: 'subgroup' as const, shared: c.H / c.K, peers: 4 }] : []),
  ]),
)(
  'matches the reference: $variant $peers, rows $rows, H=$H K=$K D=$D window $window',
  async ({ rows, lengths, H, K, D, window, variant, shared, peers }) => {
    const gpu = await testGpu();
    const op = await pagedAttention(gpu, { headSize: D, variant, sharedHeads: shared, peers });
    const { M, S, blocks, blockTable } = paging(lengths);
    const N = rows.length;
    const rowSlot = Uint32Array.from(rows, ([slot]) => slot);
    const rowPosition = Uint32Array.from(rows, ([, position]) => position);
    const [q, k, v] = [seeded(N * H * D, 1), seeded(N * K * D, 2), seeded(N * K * D, 3)];
    const size = blocks * BLOCK * K * D;
    const t = {
      q: gpu.tensor('q', [N, H, D], q),
      k: gpu.tensor('k', [N, K, D], k),
      v: gpu.tensor('v', [N, K, D], v),
      rowSlot: gpu.tensor('rowSlot', [N], rowSlot),
      rowPosition: gpu.tensor('rowPosition', [N], rowPosition),
      blockTable: gpu.tensor('blockTable', [S, M], blockTable),
      keyCache: guarded(gpu, 'keyCache', [blocks, BLOCK, K, D], seeded(size, 4)),
      valueCache: guarded(gpu, 'valueCache', [blocks, BLOCK, K, D], seeded(size, 5)),
      o: guarded(gpu, 'o', [N, H, D], poison(N * H * D)),
    };
    op.write(gpu.recorder, t);
    op.forward(gpu.recorder, t, { window: window ?? null });

    const where = { rowSlot, rowPosition, blockTable, M };
    const [keyCache, valueCache] = [f64(seeded(size, 4)), f64(seeded(size, 5))];
    pagedWrite(f64(k), keyCache, where);
    pagedWrite(f64(v), valueCache, where);
    const o = pagedAttentionForward(f64(q), keyCache, valueCache, where, { H, K, D }, window);
    for (const [tensor, expected] of [
      [t.keyCache, keyCache],
      [t.valueCache, valueCache],
      [t.o, o],
    ] as const) {
      const worst = worstError(await readGuarded(gpu, tensor), expected, { atol: 1e-5, rtol: 1e-5 });
      expect(worst.ratio, `${tensor.label} ${JSON.stringify(worst)}`).toBeLessThan(1);
    }
  },
  300_000, // compiling alone takes most of a minute where no shader is cached
);

it.each(['workgroup', 'subgroup'] as const)(
  '%s: a row has the same bits alone and among others; rows beyond `rows` stay',
  async (variant) => {
    const gpu = await testGpu();
    const [H, K, D, N] = [2, 1, 32, 4];
    const op = await pagedAttention(gpu, { headSize: D, variant, sharedHeads: 2 });
    const { M, S, blocks, blockTable } = paging([90, 90]);
    const shared = {
      blockTable: gpu.tensor('blockTable', [S, M], blockTable),
      keyCache: gpu.tensor('keyCache', [blocks, BLOCK, K, D], seeded(blocks * BLOCK * K * D, 4)),
      valueCache: gpu.tensor('valueCache', [blocks, BLOCK, K, D], seeded(blocks * BLOCK * K * D, 5)),
    };
    const outputs = [];
    for (const [rows, first] of [
      [1, 2],
      [3, 0],
    ] as const) {
      const q = new Float32Array(N * H * D);
      q.set(seeded(N * H * D, 1).subarray(first * H * D));
      const t = {
        ...shared,
        q: gpu.tensor('q', [N, H, D], q),
        rowSlot: gpu.tensor('rowSlot', [N], Uint32Array.of(...[1, 0, 1, 0].slice(first), 0, 0).slice(0, N)),
        rowPosition: gpu.tensor('rowPosition', [N], Uint32Array.of(...[3, 70, 85, 2].slice(first), 0, 0).slice(0, N)),
        o: guarded(gpu, 'o', [N, H, D], seeded(N * H * D, 9)),
      };
      op.forward(gpu.recorder, t, { rows });
      outputs.push(await readGuarded(gpu, t.o));
    }
    const [alone, among] = outputs as [Float32Array, Float32Array];
    expect(alone.subarray(0, H * D)).toEqual(among.subarray(2 * H * D, 3 * H * D));
    expect(among.subarray(3 * H * D)).toEqual(seeded(N * H * D, 9).subarray(3 * H * D));
  },
);
