import subgroupWgsl from '../../shaders/attention/pagedAttention.subgroup.wgsl?raw';
import workgroupWgsl from '../../shaders/attention/pagedAttention.workgroup.wgsl?raw';
import writeWgsl from '../../shaders/attention/pagedAttention.write.wgsl?raw';
import gridWgsl from '../../shaders/lib/grid.wgsl?raw';
import pagingWgsl from '../../shaders/lib/paging.wgsl?raw';
import reduceWgsl from '../../shaders/lib/reduce.wgsl?raw';
import type { AdapterFacts } from '../gpu/device';
import type { Gpu } from '../gpu/gpu';
import { grid } from '../gpu/grid';
import { compile } from '../gpu/kernel';
import type { Recorder } from '../gpu/recorder';
import { dims, type Tensor } from '../gpu/tensor';
import { peersFor } from './attention';

/** Tokens per block of the cache. */
export const BLOCK = 16;
const WORKGROUP = 64;

/**
 * workgroup: keys split over 64 lanes with barriers between. subgroup: eight lanes, or four, that hand values to each
 * other.
 */
export type PagedVariant = 'workgroup' | 'subgroup';

type Cache = Record<'rowSlot' | 'rowPosition' | 'blockTable' | 'keyCache' | 'valueCache', Tensor>;
type Letters = Record<'N' | 'H' | 'K' | 'D' | 'M', number>;

const CACHE = { rowSlot: 'N', rowPosition: 'N', blockTable: 'S M', keyCache: 'B X K D', valueCache: 'B X K D' };
const BINDINGS = {
  q: 'read',
  rowSlot: 'read',
  rowPosition: 'read',
  blockTable: 'read',
  keyCache: 'read',
  valueCache: 'read',
  o: 'write',
} as const;

/**
 * Attention over a paged cache of keys and values (Kwon et al. 2023, arXiv 2309.06180): blocks of 16 tokens, a table of
 * blocks per sequence slot. Serves decoding (a row per slot) and prefill (many rows of a slot, written before).
 * `headSize` D is a multiple of 4 up to 256; `sharedHeads` query heads are computed together where that saves reading
 * (they must divide H / K), by `peers` lanes in the subgroup variant. reference/pagedAttention.ts has the plain loops.
 */
export async function pagedAttention(
  gpu: Gpu,
  {
    headSize,
    sharedHeads = 1,
    variant = variantFor(gpu.facts),
    peers = peersFor(gpu.facts),
  }: { headSize: number; sharedHeads?: number; variant?: PagedVariant; peers?: number },
) {
  if (headSize % 4 !== 0 || headSize > 256) {
    throw new Error(`pagedAttention: head size ${headSize} is not a multiple of 4 up to 256`);
  }
  const HEADS = variant === 'subgroup' ? sharedHeads : 1;
  const write = await compile(gpu, {
    label: 'pagedAttention.write',
    source: [gridWgsl, pagingWgsl, writeWgsl],
    bindings: {
      k: 'read',
      v: 'read',
      rowSlot: 'read',
      rowPosition: 'read',
      blockTable: 'read',
      keyCache: 'update',
      valueCache: 'update',
    },
    params: { N: 'u32', M: 'u32', width: 'u32' },
  });
  const forward = await compile(gpu, {
    label: `pagedAttention.${variant}`,
    source:
      variant === 'subgroup' ? [gridWgsl, pagingWgsl, subgroupWgsl] : [gridWgsl, reduceWgsl, pagingWgsl, workgroupWgsl],
    bindings: BINDINGS,
    params: { N: 'u32', H: 'u32', K: 'u32', M: 'u32', scale: 'f32', window: 'u32', peers: 'u32' },
    constants: { QUADS: headSize / 4, HEADS, PEERS: peers },
    enable: variant === 'subgroup' ? ['subgroups'] : [],
  });

  const sizes = (letters: Record<string, string>, t: Record<string, Tensor>) => {
    const bound = dims(letters, t) as Letters & { X: number };
    if (bound.X !== BLOCK) throw new Error(`keyCache: blocks hold ${BLOCK} tokens, this one ${bound.X}`);
    return bound;
  };

  return {
    /**
     * Copies k, v (N, K, D) to position rowPosition (N) of slot rowSlot (N); block ids from blockTable (S, M). No two
     * rows may share a place.
     */
    write(to: Recorder, t: Cache & Record<'k' | 'v', Tensor>, { rows }: { rows?: number } = {}) {
      const { N, K, D, M } = sizes({ k: 'N K D', v: 'N K D', ...CACHE }, t);
      const width = (K * D) / 4;
      const groups = Math.ceil(((rows ?? N) * width) / WORKGROUP);
      write.record(to, t, { N: rows ?? N, M, width }, grid(groups));
    },
    /**
     * q (N, H, D) → o (N, H, D): row n attends to cached positions 0 … rowPosition[n] of slot rowSlot[n], to the last
     * `window` of them where it is given. Scores are q · k times `scale`, 1 / √D unless given.
     */
    forward(
      to: Recorder,
      t: Cache & Record<'q' | 'o', Tensor>,
      { rows, window = null, scale }: { rows?: number; window?: number | null; scale?: number } = {},
    ) {
      const { N, H, K, D, M } = sizes({ q: 'N H D', o: 'N H D', ...CACHE }, t);
      if (D !== headSize) throw new Error(`pagedAttention: compiled for head size ${headSize}, q has ${D}`);
      if (H % (K * HEADS) !== 0)
        throw new Error(`pagedAttention: ${H} query heads do not divide among ${K} by ${HEADS}`);
      const params = { N: rows ?? N, H, K, M, scale: scale ?? 1 / Math.sqrt(D), window: window ?? 0xffffffff, peers };
      // Each row is charged for half of the longest sequence that its table can hold.
      const cost = (params.N * H * D * M * BLOCK) / 2 ** 20;
      forward.record(to, t, params, grid((params.N * H) / HEADS), cost);
    },
  };
}

const variantFor = ({ software, subgroupSize }: AdapterFacts): PagedVariant =>
  software && subgroupSize >= 4 ? 'subgroup' : 'workgroup';
