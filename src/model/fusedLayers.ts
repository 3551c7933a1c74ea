import type { Projection } from '../domain/model';
import type { Gpu } from '../gpu/gpu';
import type { Recorder } from '../gpu/recorder';
import type { Tensor } from '../gpu/tensor';
import { decodeKeys, type KeysCall } from '../kernels/decode/keys';
import { type DecodeProduct, decodeProduct, type ProductCall, type ProductKind } from '../kernels/decode/product';
import type { RolloutTensors } from './layouts';
import type { Layer, Linear, Network, Weights } from './network';
import type { Ops } from './ops';

/** A low-rank product that every workgroup repeats must stay small beside its own columns. */
const LARGEST_RANK = 32;
const TILE = { lanes: 256, across: 16 };

/** One layer over `rows` rows, in six dispatches. */
export type FusedLayer = (to: Recorder, rows: number) => void;

interface Options {
  /** (T, D) of each layer, null where it has no RoPE. */
  readonly ropeTables: readonly (Tensor | null)[];
  readonly adapterOn: boolean;
}

/**
 * The layers of a decoding step in few dispatches: norm, product, adapter and what follows them fused
 * (shaders/decode). Null for a layer that has something else, which decoder.ts then computes call by call, as it
 * computes prefills; and for all of them where the adapter binds too few buffers.
 */
export async function fuseLayers(
  gpu: Gpu,
  ops: Ops,
  network: Network,
  { config, layers }: Pick<Weights, 'config' | 'layers'>,
  buffers: RolloutTensors,
  { ropeTables, adapterOn }: Options,
): Promise<(FusedLayer | null)[]> {
  const b = buffers as Record<string, Tensor>;
  const { channels: C, heads: H, headSize: D, rmsNormEps: eps } = config;
  const rank = adapterOn && network.trainable.kind === 'lora' ? network.trainable.rank : 0;
  const products = new Map<string, Promise<DecodeProduct | null>>();
  const productOf = (kind: ProductKind) => {
    const key = JSON.stringify(kind);
    const made = products.get(key) ?? compileIfBound(gpu, kind);
    products.set(key, made);
    return made;
  };
  const wide = (name: string, width: number): Tensor => ({ ...b[name]!, shape: [b[name]!.shape[0]!, width] });
  const [keysNormed, keysPlain] = await Promise.all(
    [true, false].map((normed) =>
      gpu.facts.maxStorageBuffers >= (normed ? 10 : 8) ? decodeKeys(gpu, { normed }) : null,
    ),
  );

  const fused = async (layer: Layer, index: number): Promise<FusedLayer | null> => {
    if (!isPlain(layer) || D % 8 !== 0 || C % 4 !== 0 || config.hidden % 4 !== 0 || rank > LARGEST_RANK) return null;
    const { norms, linears, description } = layer;
    const { window, attentionScale: scale } = description;
    const head = norms.query && norms.key ? { query: norms.query.weight, key: norms.key.weight } : null;
    const keys = head ? keysNormed : keysPlain;
    const adapters = poolOf(network, layer);
    if (!keys || adapters === undefined) return null;

    const product = async (names: readonly Projection[], call: Omit<ProductCall, 'sections'>, gated = false) => {
      const sections = names.map((name) => sectionOf(linears[name], rank > 0));
      if (sections.some(({ weight }) => weight.shards.length !== 1)) return null;
      const adapted = sections.some(({ adapter }) => adapter);
      const formats = sections.map(({ weight }) => weight.format);
      const kernel = await productOf({ formats, normed: call.norm !== undefined, rank: adapted ? rank : 0, gated });
      const alpha = names.map((name) => linears[name].adapter?.scale).find((scale) => scale !== undefined) ?? 0;
      const whole: ProductCall = { ...call, sections, alpha, eps, ...(adapters && { adapters }) };
      return kernel && ((to: Recorder, rows: number) => kernel(to, whole, rows));
    };
    const parts = await Promise.all([
      product(['q_proj', 'k_proj', 'v_proj'], { x: b.x!, y: b.qkv!, norm: norms.attention.weight }),
      product(['o_proj'], { x: wide('o', H * D), y: b.x!, accumulate: true }),
      product(['gate_proj', 'up_proj'], { x: b.x!, y: b.act!, norm: norms.feedForward.weight }, true),
      product(['down_proj'], { x: b.act!, y: b.x!, accumulate: true }),
    ]);
    if (parts.some((part) => part === null)) return null;
    const [qkv, out, gateUp, down] = parts as NonNullable<(typeof parts)[0]>[];
    const cache = {
      rowSlot: b.rowSlot!,
      rowPosition: b.rowPosition!,
      blockTable: b.blockTable!,
      keyCache: b[`key ${index}`]!,
      valueCache: b[`value ${index}`]!,
    };
    const placed: KeysCall = { ...cache, q: b.q!, qkv: b.qkv!, table: ropeTables[index] ?? null, norms: head, eps };
    return (to, rows) => {
      qkv!(to, rows);
      keys(to, placed, rows);
      ops.paged.forward(to, { q: b.q!, o: b.o!, ...cache }, { rows, window, scale });
      out!(to, rows);
      gateUp!(to, rows);
      down!(to, rows);
    };
  };
  return Promise.all(layers.map(fused));
}

/** Null where the adapter allows fewer buffers in a kernel. */
async function compileIfBound(gpu: Gpu, kind: ProductKind): Promise<DecodeProduct | null> {
  const perSection = kind.formats.map((format) => (format === 'q4' || format === 'q8' ? 2 : 1));
  const bound = 2 + Number(kind.normed) + Number(kind.rank > 0) + perSection.reduce((sum, count) => sum + count, 0);
  return bound <= gpu.facts.maxStorageBuffers ? decodeProduct(gpu, kind, TILE) : null;
}

const sectionOf = ({ weight, adapter }: Linear, adapterOn: boolean) => ({
  weight,
  adapter: adapter && adapterOn ? { a: adapter.a.shards[0]!.words, b: adapter.b.shards[0]!.words } : null,
});

/** The pool that all adapters of a layer lie in: null without adapters, undefined when there are two. */
function poolOf({ parameters }: Network, { linears }: Layer): Tensor | null | undefined {
  const buffers = new Set(
    Object.values(linears).flatMap(({ adapter }) =>
      adapter ? [adapter.a, adapter.b].map(({ shards }) => shards[0]!.words.buffer) : [],
    ),
  );
  if (buffers.size === 0) return null;
  if (buffers.size > 1) return undefined;
  return parameters.pools.find(({ value }) => buffers.has(value.buffer))?.value;
}

/** What a description may say for the fused kernels to know all of it; what a wider one adds is unknown to them. */
const KNOWN_FIELDS = new Set(['norms', 'biases', 'activation', 'rope', 'window', 'attentionScale']);
const KNOWN_NORMS = new Set(['attention', 'feedForward', 'query', 'key']);

/** Pre-norm without biases, SwiGLU. */
const isPlain = ({ description }: Layer): boolean =>
  description.activation === 'silu' &&
  description.biases.length === 0 &&
  Object.keys(description).every((field) => KNOWN_FIELDS.has(field)) &&
  Object.keys(description.norms).every((place) => KNOWN_NORMS.has(place));
