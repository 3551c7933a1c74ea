import { embeddingScale } from '../families/families';
import type { Recorder } from '../gpu/recorder';
import type { Tensor } from '../gpu/tensor';
import type { FusedLayer } from './fusedLayers';
import type { RolloutTensors } from './layouts';
import { linearForward } from './linear';
import { type Layer, type Linear, type Network, type Norm, weightsFor } from './network';
import type { Ops } from './ops';
import type { Sizes } from './sizes';

const reshaped = (tensor: Tensor, ...shape: number[]): Tensor => ({ ...tensor, shape });

/**
 * The model as generation uses it: rows of any mix of sequences and positions go through all layers against the paged
 * KV cache. One row per live sequence is a decoding step; many rows of a sequence are a prefill. Which token, sequence
 * slot and position a row has is read from `buffers` on the GPU, so steps can follow each other without the CPU.
 */
export class Decoder {
  readonly maxRows: number;
  readonly slots: number;
  readonly maxBlocks: number;
  readonly blocks: number;
  /** Longest sequence, in tokens: the reach of the rope tables. */
  readonly contextLength: number;
  private readonly fusedRows: number;

  constructor(
    private readonly ops: Ops,
    private readonly network: Network,
    /** Rows, cache and scratch; contents last until the update phase takes the arena. */
    readonly buffers: RolloutTensors,
    /** (T, D) of each layer, null where it has no RoPE. */
    private readonly ropeTables: readonly (Tensor | null)[],
    sizes: Sizes,
    /** Layers with few dispatches for decoding steps, where there are any. */
    private readonly fused: Readonly<Record<'adapter' | 'base', readonly (FusedLayer | null)[]>> | null = null,
  ) {
    this.maxRows = sizes.prefillRows;
    this.slots = sizes.slots;
    this.maxBlocks = buffers.blockTable.shape[1]!;
    this.blocks = sizes.cacheBlocks;
    this.contextLength = sizes.sequence;
    this.fusedRows = buffers.qkv.shape[0]!;
  }

  /** Writes the rows' keys and values into the cache and their final hidden states into `buffers.hidden`. */
  forward(to: Recorder, rows: number, adapterOn: boolean): void {
    const { ops, network, buffers: b } = this;
    const { config, embedding, layers, finalNorm } = weightsFor(network, adapterOn);
    const eps = config.rmsNormEps;
    const scale = embeddingScale(config);
    ops.embedding.forward(to, { token: b.rowToken, x: b.x }, embedding.weight, { rows, scale });
    const fused = rows <= this.fusedRows ? this.fused?.[adapterOn ? 'adapter' : 'base'] : undefined;
    layers.forEach((layer, index) => {
      const few = fused?.[index];
      if (few) few(to, rows);
      else this.layer(to, layer, index, rows, adapterOn);
    });
    ops.norm.forward(to, { x: b.x, weight: finalNorm.weight, y: b.hidden, rstd: b.rstd }, { eps, rows });
  }

  /** logits (count, V) of the rows named in `buffers.logitRow`, into `buffers.logits`. */
  logits(to: Recorder, count: number, adapterOn: boolean): void {
    const { ops, network, buffers: b } = this;
    ops.gather.forward(to, { x: b.hidden, index: b.logitRow, y: b.logitHidden }, { rows: count });
    ops.gemm.forward(to, { x: b.logitHidden, y: b.logits }, weightsFor(network, adapterOn).head.weight, {
      rows: count,
    });
  }

  private layer(to: Recorder, layer: Layer, index: number, rows: number, adapterOn: boolean): void {
    const { ops, buffers: b } = this;
    const { heads: H, keyValueHeads: K, headSize: D, rmsNormEps: eps } = this.network.config;
    const { linears, norms, description } = layer;
    const N = b.x.shape[0]!;
    const t = ('t' in b ? b.t : null) as Tensor | null;
    const options = { rows, adapterOn };
    const wide = (tensor: Tensor, heads: number) => reshaped(tensor, N, heads * D);

    ops.norm.forward(to, { x: b.x, weight: norms.attention.weight, y: b.h, rstd: b.rstd }, { eps, rows });
    const normed = norms.query && norms.key && 'qRaw' in b;
    const q = (normed ? b.qRaw : b.q) as Tensor;
    const k = (normed ? b.kRaw : b.k) as Tensor;
    linearForward(ops, to, linears.q_proj, { x: b.h, y: wide(q, H), t }, options);
    linearForward(ops, to, linears.k_proj, { x: b.h, y: wide(k, K), t }, options);
    linearForward(ops, to, linears.v_proj, { x: b.h, y: wide(b.v, K), t }, options);
    if (normed) {
      const rstd = b.headRstd as Tensor;
      const heads = (tensor: Tensor, count: number) => reshaped(tensor, N * count, D);
      ops.norm.forward(
        to,
        { x: heads(q, H), weight: norms.query.weight, y: heads(b.q, H), rstd: reshaped(rstd, N * H) },
        { eps, rows: rows * H },
      );
      ops.norm.forward(
        to,
        { x: heads(k, K), weight: norms.key.weight, y: heads(b.k, K), rstd: reshaped(rstd, N * K) },
        { eps, rows: rows * K },
      );
    }
    const table = this.ropeTables[index];
    if (table) ops.rope.forward(to, { q: b.q, k: b.k, position: b.rowPosition, table }, { rows });

    const cache = {
      rowSlot: b.rowSlot,
      rowPosition: b.rowPosition,
      blockTable: b.blockTable,
      keyCache: (b as Record<string, Tensor>)[`key ${index}`]!,
      valueCache: (b as Record<string, Tensor>)[`value ${index}`]!,
    };
    ops.paged.write(to, { k: b.k, v: b.v, ...cache }, { rows });
    const { window, attentionScale: scale } = description;
    ops.paged.forward(to, { q: b.q, o: b.o, ...cache }, { rows, window, scale });
    this.addBranch(to, linears.o_proj, { x: wide(b.o, H), t }, norms.attentionOutput, options);

    ops.norm.forward(to, { x: b.x, weight: norms.feedForward.weight, y: b.h, rstd: b.rstd }, { eps, rows });
    linearForward(ops, to, linears.gate_proj, { x: b.h, y: b.gate, t }, options);
    linearForward(ops, to, linears.up_proj, { x: b.h, y: b.up, t }, options);
    ops.glu[description.activation].forward(to, { gate: b.gate, up: b.up, y: b.act }, { rows });
    this.addBranch(to, linears.down_proj, { x: b.act, t }, norms.feedForwardOutput, options);
  }

  /** Adds a projection's output to x, normalised where the layer does that. `h` and `hidden` are free here. */
  private addBranch(
    to: Recorder,
    linear: Linear,
    { x, t }: { x: Tensor; t: Tensor | null },
    norm: Norm | undefined,
    options: { rows: number; adapterOn: boolean },
  ): void {
    const { ops, buffers: b } = this;
    if (!norm) {
      linearForward(ops, to, linear, { x, y: b.x, t }, { ...options, accumulate: true });
      return;
    }
    const { rmsNormEps: eps } = this.network.config;
    linearForward(ops, to, linear, { x, y: b.h, t }, options);
    ops.norm.forward(to, { x: b.h, weight: norm.weight, y: b.hidden, rstd: b.rstd }, { eps, rows: options.rows });
    ops.residual.forward(to, { x: b.hidden, y: b.x }, { rows: options.rows });
  }
}
