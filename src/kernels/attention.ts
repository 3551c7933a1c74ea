import deltaWgsl from '../../shaders/attention/attention.delta.wgsl?raw';
import forwardPlain from '../../shaders/attention/attention.forward.plain.wgsl?raw';
import forwardSubgroup from '../../shaders/attention/attention.forward.subgroup.wgsl?raw';
import forwardWorkgroup from '../../shaders/attention/attention.forward.workgroup.wgsl?raw';
import keyPlain from '../../shaders/attention/attention.key.plain.wgsl?raw';
import keySubgroup from '../../shaders/attention/attention.key.subgroup.wgsl?raw';
import keyWorkgroup from '../../shaders/attention/attention.key.workgroup.wgsl?raw';
import queryPlain from '../../shaders/attention/attention.query.plain.wgsl?raw';
import querySubgroup from '../../shaders/attention/attention.query.subgroup.wgsl?raw';
import queryWorkgroup from '../../shaders/attention/attention.query.workgroup.wgsl?raw';
import valuePlain from '../../shaders/attention/attention.value.plain.wgsl?raw';
import valueSubgroup from '../../shaders/attention/attention.value.subgroup.wgsl?raw';
import valueWorkgroup from '../../shaders/attention/attention.value.workgroup.wgsl?raw';
import forwardOperands from '../../shaders/lib/attention.forward.wgsl?raw';
import keyOperands from '../../shaders/lib/attention.key.wgsl?raw';
import queryOperands from '../../shaders/lib/attention.query.wgsl?raw';
import valueOperands from '../../shaders/lib/attention.value.wgsl?raw';
import tileWgsl from '../../shaders/lib/attentionTile.wgsl?raw';
import gridWgsl from '../../shaders/lib/grid.wgsl?raw';
import type { AdapterFacts } from '../gpu/device';
import type { Gpu } from '../gpu/gpu';
import { grid } from '../gpu/grid';
import { compile } from '../gpu/kernel';
import type { Recorder } from '../gpu/recorder';
import { dims, type Tensor } from '../gpu/tensor';

type ForwardTensors = Record<'q' | 'k' | 'v' | 'start' | 'o' | 'lse', Tensor>;
type BackwardTensors = Record<
  'dO' | 'q' | 'k' | 'v' | 'o' | 'lse' | 'delta' | 'start' | 'end' | 'dq' | 'dk' | 'dv',
  Tensor
>;

/**
 *   plain      a thread for each row of a head, which it keeps whole: 2 to 3 · D registers.
 *   subgroup   the same, but lanes hand each other what they read, for adapters whose loads are dear. Wins on Lavapipe.
 *   workgroup  128 threads for 32 rows, operands staged in workgroup memory: at most 64 registers of sums. For GPUs.
 */
export type AttentionVariant = 'plain' | 'subgroup' | 'workgroup';

const WGSL = {
  workgroup: { forward: forwardWorkgroup, query: queryWorkgroup, key: keyWorkgroup, value: valueWorkgroup },
  subgroup: { forward: forwardSubgroup, query: querySubgroup, key: keySubgroup, value: valueSubgroup },
  plain: { forward: forwardPlain, query: queryPlain, key: keyPlain, value: valuePlain },
} as const;

/** Rows of a workgroup of the workgroup variant (shaders/lib/attentionTile.wgsl). */
const TILE = 32;

const PARAMS = { N: 'u32', H: 'u32', K: 'u32', scale: 'f32', quads: 'u32' } as const;
const QUERY = {
  dO: 'read',
  q: 'read',
  k: 'read',
  v: 'read',
  lse: 'read',
  delta: 'read',
  start: 'read',
  dq: 'write',
} as const;
const KEY = {
  dO: 'read',
  q: 'read',
  k: 'read',
  v: 'read',
  lse: 'read',
  delta: 'read',
  end: 'read',
  dk: 'write',
} as const;

/**
 * Causal grouped-query attention (Ainslie et al. 2023, arXiv 2305.13245) over packed sequences of any lengths, with
 * online softmax and recomputation in backward (Dao et al. 2022, arXiv 2205.14135): no score matrix in memory.
 * `headSize` D is a multiple of 4 up to 256; in the subgroup variant up to `peers` lanes share what they read.
 * reference/attention.ts has the plain loops.
 */
export async function attention(
  gpu: Gpu,
  {
    headSize,
    variant = variantFor(gpu.facts),
    peers = peersFor(gpu.facts),
    unrolled = hasRegisters(gpu.facts),
  }: { headSize: number; variant?: AttentionVariant; peers?: number; unrolled?: boolean },
) {
  if (headSize % 4 !== 0 || headSize > 256) {
    throw new Error(`attention: head size ${headSize} is not a multiple of 4 up to 256`);
  }
  const WORKGROUP = gpu.facts.software ? 16 : 64;
  const tiled = variant === 'workgroup';
  const wgsl = WGSL[variant];
  const shared = tiled ? [tileWgsl] : [];
  const common: { constants: Record<string, number>; overrides: Record<string, number>; enable: string[] } = {
    constants: tiled
      ? tileConstants(headSize, unrolled, gpu.facts)
      : { QUADS: headSize / 4, PEERS: sharedEvenly(headSize, peers) },
    overrides: tiled ? {} : { WORKGROUP },
    enable: variant === 'subgroup' ? ['subgroups'] : [],
  };
  const [forward, delta, query, key, value] = await Promise.all([
    compile(gpu, {
      label: `attention.forward.${variant}`,
      source: [forwardOperands, ...shared, wgsl.forward],
      bindings: { q: 'read', k: 'read', v: 'read', start: 'read', o: 'write', lse: 'write' },
      params: PARAMS,
      ...common,
    }),
    compile(gpu, {
      label: 'attention.delta',
      source: [gridWgsl, deltaWgsl],
      bindings: { dO: 'read', o: 'read', delta: 'write' },
      params: { size: 'u32', quads: 'u32' },
      overrides: { WORKGROUP },
    }),
    compile(gpu, {
      label: `attention.query.${variant}`,
      source: [queryOperands, ...shared, wgsl.query],
      bindings: QUERY,
      params: PARAMS,
      ...common,
    }),
    compile(gpu, {
      label: `attention.key.${variant}`,
      source: [keyOperands, ...shared, wgsl.key],
      bindings: KEY,
      params: PARAMS,
      ...common,
    }),
    compile(gpu, {
      label: `attention.value.${variant}`,
      source: [valueOperands, ...shared, wgsl.value],
      bindings: { dO: 'read', q: 'read', k: 'read', lse: 'read', end: 'read', dv: 'write' },
      params: PARAMS,
      ...common,
    }),
  ]);

  const sizes = (N: number, H: number, K: number, D: number, scale = 1 / Math.sqrt(D)) => {
    if (D !== headSize) throw new Error(`attention: compiled for head size ${headSize}, q has ${D}`);
    if (H % K !== 0) throw new Error(`attention: ${H} query heads do not divide among ${K} key/value heads`);
    // Half the square of a single sequence: an upper bound on the multiply-adds of one product.
    return {
      params: { N, H, K, scale, quads: D / 4 },
      tiles: Math.ceil(N / (tiled ? TILE : WORKGROUP)),
      cost: (N * N * H * D) / 2 ** 21,
    };
  };

  return {
    /**
     * q (N, H, D), k, v (N, K, D) → o (N, H, D), lse (N, H). start (N): the first row that each row
     * attends to: of its sequence, or of its window. Scores are q · k times `scale`, 1 / √D unless given.
     */
    forward(to: Recorder, t: ForwardTensors, { rows, scale }: { rows?: number; scale?: number } = {}) {
      const letters = { q: 'N H D', k: 'N K D', v: 'N K D', start: 'N', o: 'N H D', lse: 'N H' };
      const { N, H, K, D } = dims(letters, t) as Record<'N' | 'H' | 'K' | 'D', number>;
      const { params, tiles, cost } = sizes(rows ?? N, H, K, D, scale);
      forward.record(to, t, params, [tiles, H], 2 * cost);
    },
    /**
     * Writes dq (N, H, D), dk, dv (N, K, D) and the scratch delta (N, H). end (N): one past the last row of each row's
     * sequence.
     */
    backward(to: Recorder, t: BackwardTensors, { rows, scale }: { rows?: number; scale?: number } = {}) {
      const wide = { dO: 'N H D', q: 'N H D', o: 'N H D', dq: 'N H D', lse: 'N H', delta: 'N H' };
      const letters = { ...wide, k: 'N K D', v: 'N K D', dk: 'N K D', dv: 'N K D', start: 'N', end: 'N' };
      const { N, H, K, D } = dims(letters, t) as Record<'N' | 'H' | 'K' | 'D', number>;
      const { params, tiles, cost } = sizes(rows ?? N, H, K, D, scale);
      delta.record(to, t, { size: params.N * H, quads: D / 4 }, grid(Math.ceil((params.N * H) / WORKGROUP)));
      query.record(to, t, params, [tiles, H], 3 * cost);
      key.record(to, t, params, [tiles, K], 3 * cost);
      value.record(to, t, params, [tiles, K], 2 * cost);
    },
  };
}

/**
 * On a processor a barrier costs more than the loads that it saves. SwiftShader's subgroups have four lanes, Lavapipe's
 * eight.
 */
export const variantFor = ({ software, subgroupSize }: AdapterFacts): AttentionVariant =>
  software ? (subgroupSize >= 4 ? 'subgroup' : 'plain') : 'workgroup';

/** Enough for products of the workgroup variant to be unrolled. Intel has 64 for a thread; Lavapipe compiles for minutes. */
const hasRegisters = ({ software, vendor }: AdapterFacts): boolean => !software && vendor !== 'intel';

/** On processors, which compile slowly, two lengths of the sums serve all head sizes. */
const tileConstants = (headSize: number, unrolled: boolean, { software }: AdapterFacts): Record<string, number> =>
  software && !unrolled
    ? { QUADS: 0, STEPS: headSize <= 64 ? 1 : 4, UNROLLED: 0 }
    : { QUADS: headSize / 4, STEPS: Math.ceil(headSize / 64), UNROLLED: Number(unrolled) };

/** How many lanes hand each other what they read: eight, or a whole subgroup where it is smaller. */
export const peersFor = ({ subgroupSize }: AdapterFacts): number => Math.min(8, Math.max(1, subgroupSize));

/** The most of `peers` lanes that share a head of D elements evenly, four elements at a time. */
const sharedEvenly = (headSize: number, peers: number) =>
  [8, 4, 2, 1].find((lanes) => lanes <= peers && headSize % (4 * lanes) === 0)!;
