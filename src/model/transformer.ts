import { embeddingScale } from '../families/families';
import type { Tensors } from '../gpu/arena';
import type { Recorder } from '../gpu/recorder';
import type { Tensor } from '../gpu/tensor';
import type { updateLayout } from './layouts';
import { linearBackward, linearForward } from './linear';
import { type Layer, type Network, type Norm, weightsFor } from './network';
import type { Ops } from './ops';

export type UpdateTensors = Tensors<ReturnType<typeof updateLayout>> & Readonly<Record<string, Tensor>>;

/** What adds to the residual stream. */
type Branch = 'attention' | 'feedForward';

/**
 * The model as training uses it: packed sequences of N rows, forward and backward as mirrored lists of calls
 * (reference/transformer/transformer.ts is the same in plain loops). Each layer's input is kept; the backward pass recomputes one
 * layer at a time.
 */
export class Transformer {
  constructor(
    private readonly ops: Ops,
    private readonly network: Network,
    readonly buffers: UpdateTensors,
    /** (T, D) of each layer, null where it has no RoPE. */
    private readonly ropeTables: readonly (Tensor | null)[],
  ) {}

  /**
   * From `buffers.token`, `position`, `start` to `buffers.hidden` (N, C), the final norm's output. Keeps every layer's
   * input.
   */
  forward(to: Recorder, rows: number, adapterOn: boolean): void {
    const { ops, network, buffers: b } = this;
    const { config, embedding, layers, finalNorm } = weightsFor(network, adapterOn);
    const scale = embeddingScale(config);
    ops.embedding.forward(to, { token: b.token, x: this.input(0) }, embedding.weight, { rows, scale });
    layers.forEach((layer, index) => {
      this.layerForward(to, layer, index, rows, adapterOn);
      // out = mid + act · W_down, normalised where the layer does that
      const out = this.input(index + 1);
      const norm = layer.norms.feedForwardOutput;
      const y = norm ? this.branch('feedForward').raw : out;
      linearForward(ops, to, layer.linears.down_proj, { x: b.act, y, t: this.t('down_proj') }, { rows, adapterOn });
      if (norm) this.outputNorm(to, 'feedForward', norm, out, rows);
      ops.residual.forward(to, { x: b.mid, y: out }, { rows });
    });
    const io = { x: this.input(config.layers), weight: finalNorm.weight, y: b.hidden, rstd: b.hiddenRstd };
    ops.norm.forward(to, io, { eps: config.rmsNormEps, rows });
  }

  /**
   * From `buffers.dHidden` (N, C), the gradient of the final norm's output, to the gradients of everything trained.
   * Adapter on.
   */
  backward(to: Recorder, rows: number): void {
    const { ops, network, buffers: b } = this;
    const { weight, dweight } = network.finalNorm;
    const x = this.input(network.config.layers);
    to.clear(b.dx, { count: rows * network.config.channels });
    ops.norm.backward(to, { dy: b.dHidden, x, weight, rstd: b.hiddenRstd, dx: b.dx }, { rows });
    if (dweight) ops.norm.weightBackward(to, { dy: b.dHidden, x, rstd: b.hiddenRstd, dweight }, { rows });
    for (let index = network.layers.length - 1; index >= 0; index--) {
      const layer = network.layers[index]!;
      this.layerForward(to, layer, index, rows, true);
      this.layerBackward(to, layer, index, rows);
    }
    if (network.embedding.dweight) {
      const scale = embeddingScale(network.config);
      ops.embedding.backward(to, { token: b.token, dx: b.dx }, network.embedding.dweight, { rows, scale });
    }
  }

  /** x → mid (after attention) and act (before the down projection), with all that the backward pass reads. */
  private layerForward(to: Recorder, layer: Layer, index: number, rows: number, adapterOn: boolean): void {
    const { ops, buffers: b } = this;
    const { rmsNormEps: eps, heads: H, keyValueHeads: K } = this.network.config;
    const { linears, norms, description } = layer;
    const x = this.input(index);
    const options = { rows, adapterOn };
    ops.norm.forward(to, { x, weight: norms.attention.weight, y: b.h, rstd: b.hRstd }, { eps, rows });
    linearForward(
      ops,
      to,
      linears.q_proj,
      { x: b.h, y: this.flat(this.raw(layer, 'q')), t: this.t('q_proj') },
      options,
    );
    linearForward(
      ops,
      to,
      linears.k_proj,
      { x: b.h, y: this.flat(this.raw(layer, 'k')), t: this.t('k_proj') },
      options,
    );
    linearForward(ops, to, linears.v_proj, { x: b.h, y: this.flat(b.v), t: this.t('v_proj') }, options);
    if (norms.query && norms.key) {
      const { qRaw, kRaw, qRstd, kRstd } = b as Record<string, Tensor>;
      const heads = (tensor: Tensor) => this.byHead(tensor);
      ops.norm.forward(
        to,
        { x: heads(qRaw!), weight: norms.query.weight, y: heads(b.q), rstd: qRstd! },
        { eps, rows: rows * H },
      );
      ops.norm.forward(
        to,
        { x: heads(kRaw!), weight: norms.key.weight, y: heads(b.k), rstd: kRstd! },
        { eps, rows: rows * K },
      );
    }
    const table = this.ropeTables[index];
    if (table) ops.rope.forward(to, { q: b.q, k: b.k, position: b.position, table }, { rows });
    const { start } = this.seen(layer);
    const scale = description.attentionScale;
    ops.attention.forward(to, { q: b.q, k: b.k, v: b.v, start, o: b.o, lse: b.lse }, { rows, scale });
    const norm = norms.attentionOutput;
    const y = norm ? this.branch('attention').raw : b.mid;
    linearForward(ops, to, linears.o_proj, { x: this.flat(b.o), y, t: this.t('o_proj') }, options);
    if (norm) this.outputNorm(to, 'attention', norm, b.mid, rows);
    ops.residual.forward(to, { x, y: b.mid }, { rows });

    ops.norm.forward(to, { x: b.mid, weight: norms.feedForward.weight, y: b.h2, rstd: b.h2Rstd }, { eps, rows });
    linearForward(ops, to, linears.gate_proj, { x: b.h2, y: b.gate, t: this.t('gate_proj') }, options);
    linearForward(ops, to, linears.up_proj, { x: b.h2, y: b.up, t: this.t('up_proj') }, options);
    ops.glu[description.activation].forward(to, { gate: b.gate, up: b.up, y: b.act }, { rows });
  }

  /** dx: gradient of the layer's output on entry, of its input on return. */
  private layerBackward(to: Recorder, layer: Layer, index: number, rows: number): void {
    const { ops, buffers: b } = this;
    const { linears, norms, description } = layer;
    const x = this.input(index);
    const dt = (b as Record<string, Tensor>).dt ?? null;
    const back = (name: keyof typeof linears, io: { dy: Tensor; x: Tensor; dx: Tensor }, accumulate = false) =>
      linearBackward(ops, to, linears[name], { ...io, t: this.t(name), dt }, { rows, accumulate });

    // layerForward stops before the down projection: the x · A of its adapter is the last layer's until it is made
    // again, and so is what an output norm had as its input.
    const { adapter } = linears.down_proj;
    const t = this.t('down_proj');
    if (norms.feedForwardOutput) {
      const { raw, dRaw } = this.branch('feedForward');
      linearForward(ops, to, linears.down_proj, { x: b.act, y: raw, t }, { rows, adapterOn: true });
      // For rstd alone: the normalised branch itself is not needed again.
      this.outputNorm(to, 'feedForward', norms.feedForwardOutput, dRaw, rows);
      this.outputNormBackward(to, 'feedForward', norms.feedForwardOutput, rows);
    } else if (adapter && t) ops.gemm.forward(to, { x: b.act, y: t }, adapter.a, { rows });
    const dFeedForward = norms.feedForwardOutput ? this.branch('feedForward').dRaw : b.dx;
    back('down_proj', { dy: dFeedForward, x: b.act, dx: b.dact });
    ops.glu[description.activation].backward(
      to,
      { dy: b.dact, gate: b.gate, up: b.up, dgate: b.dgate, dup: b.dup },
      { rows },
    );
    back('up_proj', { dy: b.dup, x: b.h2, dx: b.dh });
    back('gate_proj', { dy: b.dgate, x: b.h2, dx: b.dh }, true);
    this.normBackward(to, norms.feedForward, { dy: b.dh, x: b.mid, rstd: b.h2Rstd, dx: b.dx }, rows);

    if (norms.attentionOutput) this.outputNormBackward(to, 'attention', norms.attentionOutput, rows);
    const dAttention = norms.attentionOutput ? this.branch('attention').dRaw : b.dx;
    back('o_proj', { dy: dAttention, x: this.flat(b.o), dx: this.flat(b.dO) });
    const { dO, q, k, v, o, lse, delta, dq, dk, dv } = b;
    const { start, end } = this.seen(layer);
    ops.attention.backward(
      to,
      { dO, q, k, v, o, lse, delta, start, end, dq, dk, dv },
      { rows, scale: description.attentionScale },
    );
    const table = this.ropeTables[index];
    if (table) ops.rope.backward(to, { q: dq, k: dk, position: b.position, table }, { rows });
    if (norms.query && norms.key) this.headNormsBackward(to, { query: norms.query, key: norms.key }, rows);
    back('v_proj', { dy: this.flat(dv), x: b.h, dx: b.dh });
    back('k_proj', { dy: this.flat(this.dRaw(layer, 'k')), x: b.h, dx: b.dh }, true);
    back('q_proj', { dy: this.flat(this.dRaw(layer, 'q')), x: b.h, dx: b.dh }, true);
    this.normBackward(to, norms.attention, { dy: b.dh, x, rstd: b.hRstd, dx: b.dx }, rows);
  }

  private normBackward(
    to: Recorder,
    { weight, dweight }: Norm,
    io: { dy: Tensor; x: Tensor; rstd: Tensor; dx: Tensor },
    rows: number,
  ): void {
    this.ops.norm.backward(to, { ...io, weight }, { rows });
    if (dweight) this.ops.norm.weightBackward(to, { dy: io.dy, x: io.x, rstd: io.rstd, dweight }, { rows });
  }

  /** y (N, C) = the norm of what a branch made. */
  private outputNorm(to: Recorder, branch: Branch, { weight }: Norm, y: Tensor, rows: number): void {
    const { raw, rstd } = this.branch(branch);
    this.ops.norm.forward(to, { x: raw, weight, y, rstd }, { eps: this.network.config.rmsNormEps, rows });
  }

  /** The gradient dx of what a branch adds, to that of what it made. */
  private outputNormBackward(to: Recorder, branch: Branch, norm: Norm, rows: number): void {
    const { raw, rstd, dRaw } = this.branch(branch);
    to.clear(dRaw, { count: rows * this.network.config.channels }); // the norm's backward adds
    this.normBackward(to, norm, { dy: this.buffers.dx, x: raw, rstd, dx: dRaw }, rows);
  }

  private branch(branch: Branch): Record<'raw' | 'rstd' | 'dRaw', Tensor> {
    const b = this.buffers as Record<string, Tensor>;
    return { raw: b[`${branch}Raw`]!, rstd: b[`${branch}Rstd`]!, dRaw: b.dBranch! };
  }

  private headNormsBackward(to: Recorder, { query, key }: { query: Norm; key: Norm }, rows: number): void {
    const b = this.buffers as Record<string, Tensor>;
    const { heads, keyValueHeads, headSize } = this.network.config;
    for (const [side, norm, count] of [
      ['q', query, heads],
      ['k', key, keyValueHeads],
    ] as const) {
      const dRaw = b[`d${side}Raw`]!;
      to.clear(dRaw, { count: rows * count * headSize }); // the norm's backward adds
      const io = { dy: this.byHead(b[`d${side}`]!), x: this.byHead(b[`${side}Raw`]!), rstd: b[`${side}Rstd`]! };
      this.normBackward(to, norm, { ...io, dx: this.byHead(dRaw) }, rows * count);
    }
  }

  /** The first row that each row attends to, and one past the last row that attends to it. */
  private seen({ description: { window } }: Layer): { start: Tensor; end: Tensor } {
    const { start, end } = this.buffers;
    return window === null
      ? { start, end }
      : { start: this.buffers[`start ${window}`]!, end: this.buffers[`end ${window}`]! };
  }
  private input(layer: number): Tensor {
    return this.buffers[`x ${layer}`]!;
  }
  private t(target: string): Tensor | null {
    return this.buffers[`t ${target}`] ?? null;
  }
  /** Where a projection writes: before the head norm when there is one. */
  private raw({ norms }: Layer, side: 'q' | 'k'): Tensor {
    return norms.query ? this.buffers[`${side}Raw`]! : this.buffers[side];
  }
  private dRaw({ norms }: Layer, side: 'q' | 'k'): Tensor {
    return norms.query ? this.buffers[`d${side}Raw`]! : this.buffers[`d${side}`];
  }
  /** (N, heads, D) as (N, heads · D). */
  private flat(tensor: Tensor): Tensor {
    const [N, heads, D] = tensor.shape;
    return { ...tensor, shape: [N!, heads! * D!] };
  }
  /** (N, heads, D) as (N · heads, D): a head is a row. */
  private byHead(tensor: Tensor): Tensor {
    const [N, heads, D] = tensor.shape;
    return { ...tensor, shape: [N! * heads!, D!] };
  }
}
