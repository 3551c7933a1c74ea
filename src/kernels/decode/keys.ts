import keysNormWgsl from '../../../shaders/decode/keys.norm.wgsl?raw';
import keysPlainWgsl from '../../../shaders/decode/keys.plain.wgsl?raw';
import keysWgsl from '../../../shaders/decode/keys.wgsl?raw';
import gridWgsl from '../../../shaders/lib/grid.wgsl?raw';
import pagingWgsl from '../../../shaders/lib/paging.wgsl?raw';
import type { Gpu } from '../../gpu/gpu';
import { grid } from '../../gpu/grid';
import { type Access, compile } from '../../gpu/kernel';
import type { Recorder } from '../../gpu/recorder';
import { dims, type Tensor } from '../../gpu/tensor';
import { reduction } from '../reduction';

const SHAPES = {
  q: 'N H D',
  rowSlot: 'N',
  rowPosition: 'N',
  blockTable: 'S M',
  keyCache: 'B X K D',
  valueCache: 'B X K D',
} as const;

export interface KeysCall extends Record<keyof typeof SHAPES, Tensor> {
  /** (rows, (H + 2 K) · D): queries, keys and values of a row one after the other. */
  readonly qkv: Tensor;
  /** (T, D), null where the layer has no RoPE. */
  readonly table: Tensor | null;
  /** (D) each, where query and key heads are normed. */
  readonly norms: { readonly query: Tensor; readonly key: Tensor } | null;
  readonly eps: number;
}

/**
 * What lies between the product of q, k and v and attention, in one dispatch: norms of the heads, RoPE, and keys and
 * values into the paged cache. The head size must be a multiple of 8.
 */
export async function decodeKeys(gpu: Gpu, { normed }: { normed: boolean }) {
  const { wgsl: reduceWgsl, settings } = reduction(gpu.facts, gpu.facts.software ? 8 : 32);
  const bindings: Record<string, Access> = {
    ...{ qkv: 'read', table: 'read', rowSlot: 'read', rowPosition: 'read', blockTable: 'read' },
    ...{ q: 'write', keyCache: 'update', valueCache: 'update' },
    ...(normed && { queryNorm: 'read', keyNorm: 'read' }),
  };
  const kernel = await compile(gpu, {
    label: `decode.keys${normed ? '.norm' : ''}`,
    source: [reduceWgsl, gridWgsl, pagingWgsl, keysWgsl, normed ? keysNormWgsl : keysPlainWgsl],
    bindings,
    params: { N: 'u32', H: 'u32', K: 'u32', M: 'u32', quads: 'u32', rotates: 'u32', eps: 'f32' },
    ...settings,
  });

  return (to: Recorder, { qkv, table, norms, eps, ...t }: KeysCall, rows: number): void => {
    const { H, K, D, M } = dims(SHAPES, t) as Record<'H' | 'K' | 'D' | 'M', number>;
    const tensors = {
      ...t,
      qkv,
      table: table ?? qkv, // bound and not read
      ...(normed && { queryNorm: norms!.query, keyNorm: norms!.key }),
    };
    const params = { N: rows, H, K, M, quads: D / 4, rotates: Number(table !== null), eps };
    kernel.record(to, tensors, params, grid(rows * (H + 2 * K)));
  };
}
