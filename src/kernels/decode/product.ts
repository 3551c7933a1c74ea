import adapterWgsl from '../../../shaders/decode/product.adapter.wgsl?raw';
import frozenWgsl from '../../../shaders/decode/product.frozen.wgsl?raw';
import gluWgsl from '../../../shaders/decode/product.glu.wgsl?raw';
import normWgsl from '../../../shaders/decode/product.norm.wgsl?raw';
import oneWgsl from '../../../shaders/decode/product.one.wgsl?raw';
import plainWgsl from '../../../shaders/decode/product.plain.wgsl?raw';
import sectionWgsl from '../../../shaders/decode/product.section.wgsl?raw';
import storeWgsl from '../../../shaders/decode/product.store.wgsl?raw';
import threeWgsl from '../../../shaders/decode/product.three.wgsl?raw';
import twoWgsl from '../../../shaders/decode/product.two.wgsl?raw';
import productWgsl from '../../../shaders/decode/product.wgsl?raw';
import sigmoidWgsl from '../../../shaders/lib/sigmoid.wgsl?raw';
import fourWgsl from '../../../shaders/lib/weights/value.four.wgsl?raw';
import bf16Wgsl from '../../../shaders/lib/weights/weight.bf16.wgsl?raw';
import f16Wgsl from '../../../shaders/lib/weights/weight.f16.wgsl?raw';
import f32Wgsl from '../../../shaders/lib/weights/weight.f32.wgsl?raw';
import q4Wgsl from '../../../shaders/lib/weights/weight.q4.wgsl?raw';
import q8Wgsl from '../../../shaders/lib/weights/weight.q8.wgsl?raw';
import type { Gpu } from '../../gpu/gpu';
import { type Access, compile } from '../../gpu/kernel';
import type { Recorder } from '../../gpu/recorder';
import type { Tensor } from '../../gpu/tensor';
import { strideOf, type Weight, type WeightFormat } from '../weights/weight';
import { isQuantised } from '../weights/weightLayout';

const WEIGHT_WGSL = { f32: f32Wgsl, bf16: bf16Wgsl, f16: f16Wgsl, q8: q8Wgsl, q4: q4Wgsl } as const;
const SUMS_WGSL = [oneWgsl, twoWgsl, threeWgsl] as const;
const NONE = 0xffffffff;

/** Threads of a workgroup, and how many of them lie side by side along the columns. */
export interface ProductTile {
  readonly lanes: number;
  readonly across: number;
}

/** What a product does around x · W. */
export interface ProductKind {
  /** Of each section, one to three. */
  readonly formats: readonly WeightFormat[];
  /** RMSNorm of x before. */
  readonly normed: boolean;
  /** Columns of the adapter's A; 0 without an adapter. */
  readonly rank: number;
  /** y = silu(gate) · up of two sections of one width, in place of the sections side by side. */
  readonly gated: boolean;
}

/** A section: a weight in one shard, and the adapter's matrices where it has one. */
export interface Section {
  readonly weight: Weight;
  readonly adapter: { readonly a: Tensor; readonly b: Tensor } | null;
}

export interface ProductCall {
  readonly x: Tensor;
  readonly y: Tensor;
  readonly sections: readonly Section[];
  /** (K) where the product is normed. */
  readonly norm?: Tensor;
  /** The buffer that all adapter matrices lie in, as one tensor. */
  readonly adapters?: Tensor;
  /** α / R of the adapter. */
  readonly alpha?: number;
  readonly eps?: number;
  /** Adds to y. */
  readonly accumulate?: boolean;
}

/** Rows of a tile: one sequence alone, or up to eight that share every word of the weight. */
const ROWS = [1, 8] as const;

/** Numbers the names of a section, and the bindings of all texts in the order in which they stand. */
const numbered = (text: string, section: number) =>
  text.replace(
    /\b(P|STEP|GROUP|words|scales|weight_values?|weight_block|section_sums|params\.quads)\b/g,
    `$1_${section}`,
  );

function bound(texts: readonly string[]): string[] {
  let next = 0;
  return texts.map((text) => text.replace(/@group\(0\) @binding\(\d+\)/g, () => `@group(0) @binding(${next++})`));
}

/**
 * A product of a decoding step with norm, adapter and gated unit inside, so that a layer takes few dispatches. Serves
 * up to 64 rows; every K must be a multiple of 4. Returns how to record it.
 */
export async function decodeProduct(gpu: Gpu, kind: ProductKind, { lanes, across }: ProductTile) {
  const { formats, normed, rank, gated } = kind;
  const bindings: Record<string, Access> = { x: 'read', y: 'accumulate' };
  if (normed) bindings.norm = 'read';
  if (rank > 0) bindings.adapters = 'read';
  formats.forEach((format, i) => {
    bindings[`words_${i}`] = 'read';
    if (isQuantised(format)) bindings[`scales_${i}`] = 'read';
  });
  const quads = strideOf(rank) / 4;
  const source = bound([
    productWgsl,
    normed ? normWgsl : plainWgsl,
    rank > 0 ? adapterWgsl : frozenWgsl,
    ...formats.flatMap((format, i) => [numbered(WEIGHT_WGSL[format], i), numbered(sectionWgsl, i)]),
    SUMS_WGSL[formats.length - 1]!,
    ...(gated ? [fourWgsl, sigmoidWgsl, gluWgsl] : [storeWgsl]),
  ]);
  const kernels = await Promise.all(
    ROWS.map((rows) =>
      compile(gpu, {
        label: `decode.${gated ? 'glu' : 'store'}.${formats.join('.')}${normed ? '.norm' : ''}${rank > 0 ? '.adapter' : ''}`,
        source,
        bindings,
        params: {
          ...{ M: 'u32', K: 'u32', width: 'u32', accumulate: 'u32', eps: 'f32', alpha: 'f32' },
          ...{ quads_0: 'u32', quads_1: 'u32', quads_2: 'u32' },
          ...{ a_0: 'u32', a_1: 'u32', a_2: 'u32', b_0: 'u32', b_1: 'u32', b_2: 'u32' },
        } as const,
        constants: {
          LANES: lanes,
          ACROSS: across,
          ROWS: rows,
          RANK: rank,
          RANK_QUADS: quads,
          LOW: quads === 0 ? 0 : 2 ** Math.ceil(Math.log2(quads)),
        },
      }),
    ),
  );

  return (to: Recorder, call: ProductCall, rows: number): void => {
    const { x, y, sections, norm, adapters, alpha = 0, eps = 0, accumulate = false } = call;
    const columns = [0, 1, 2].map((i) => (sections[i] ? strideOf(sections[i].weight.N) / 4 : 0));
    const place = (side: 'a' | 'b') =>
      [0, 1, 2].map((i) => (rank > 0 && sections[i]?.adapter ? sections[i].adapter[side].offset / 16 : NONE));
    const [a, b] = [place('a'), place('b')];
    const { K } = sections[0]!.weight;
    const width = gated ? columns[0]! : columns.reduce((sum, quad) => sum + quad, 0);
    const tensors: Record<string, Tensor> = { x, y };
    if (norm) tensors.norm = norm;
    if (rank > 0) tensors.adapters = adapters!;
    sections.forEach(({ weight }, i) => {
      const [shard] = weight.shards;
      tensors[`words_${i}`] = shard!.words;
      if (shard!.scales) tensors[`scales_${i}`] = shard!.scales;
    });
    const index = rows === 1 ? 0 : 1;
    const tiles = Math.ceil(Math.max(...columns) / across);
    kernels[index]!.record(
      to,
      tensors,
      {
        ...{ M: rows, K, width, accumulate: Number(accumulate), eps, alpha },
        ...{ quads_0: columns[0]!, quads_1: columns[1]!, quads_2: columns[2]! },
        ...{ a_0: a[0]!, a_1: a[1]!, a_2: a[2]!, b_0: b[0]!, b_1: b[1]!, b_2: b[2]! },
      },
      [tiles, Math.ceil(rows / ROWS[index]!), gated ? 1 : sections.length],
      (rows * K * 4 * columns.reduce((sum, quad) => sum + quad, 0)) / 2 ** 20,
    );
  };
}

export type DecodeProduct = Awaited<ReturnType<typeof decodeProduct>>;
