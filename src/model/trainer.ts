import type { LossConfig } from '../domain/recipe/loss';
import type { OptimizerConfig } from '../domain/recipe/optimizer';
import type { WorkContext } from '../domain/workContext';
import { windowsOf } from '../families/families';
import type { Gpu } from '../gpu/gpu';
import { type Tensor, view } from '../gpu/tensor';
import { partialsFor } from '../kernels/gradNorm';
import type { TokenLoss } from '../kernels/grpoLoss';
import { Head, type LossParameters } from './head';
import type { MicroBatch } from './microBatch';
import type { Network } from './network';
import type { Ops } from './ops';
import type { Sizes } from './sizes';
import { Transformer, type UpdateTensors } from './transformer';

export interface OptimizerStep {
  /**
   * `entropyCoef` weighs the mean entropy of the step's loss rows, which is taken from the loss (as in TRL, whatever
   * the type).
   */
  readonly loss: TokenLoss & Partial<Pick<LossConfig, 'entropyCoef'>>;
  readonly optimizer: Pick<OptimizerConfig, 'beta1' | 'beta2' | 'eps' | 'weightDecay' | 'maxGradNorm'>;
  readonly learningRate: number;
  readonly temperature: number;
}

/** Of one optimizer step; means are over loss rows. `finite` false means that nothing was changed. */
export interface OptimizerReport {
  readonly loss: number;
  readonly gradNorm: number;
  /** Tokens whose ratio was clipped; answers for gspo, which has one ratio for each. */
  readonly clipped: number;
  readonly kl: number;
  readonly entropy: number;
  readonly logprobDifference: number;
  readonly finite: boolean;
}

/** Optimizer steps over packed micro-batches. Everything it touches was allocated before the run. */
export class Trainer {
  private readonly transformer: Transformer;
  private readonly head: Head;
  private readonly partial: Tensor;
  private readonly partials: readonly Tensor[];
  private readonly scale: Tensor;
  /** Optimizer steps taken, for the bias correction of AdamW. */
  steps = 0;

  constructor(
    private readonly gpu: Gpu,
    private readonly ops: Ops,
    private readonly network: Network,
    private readonly buffers: UpdateTensors,
    private readonly sizes: Sizes,
    ropeTables: readonly (Tensor | null)[],
  ) {
    this.transformer = new Transformer(ops, network, buffers, ropeTables);
    this.head = new Head(ops, network, buffers, sizes);
    const counts = network.parameters.pools.map(({ grad }) => partialsFor(grad.shape[0]!));
    const total = counts.reduce((a, b) => a + b, 0);
    this.partial = gpu.tensor('gradient partial sums', [total]);
    let first = 0;
    this.partials = counts.map((count) => {
      const slice = view('gradient partial sums', [count], this.partial.buffer, { offset: 4 * first });
      first += count;
      return slice;
    });
    this.scale = gpu.tensor('gradient scale', [4]);
  }

  /** One optimizer step. Throws on abort, with all gradients cleared and nothing changed. */
  async step(
    batches: readonly MicroBatch[],
    options: OptimizerStep,
    { signal, onProgress }: WorkContext = {},
  ): Promise<OptimizerReport> {
    const sums = { loss: 0, clipped: 0, kl: 0, difference: 0, entropy: 0 };
    const { entropyCoef = 0, ...tokenLoss } = options.loss;
    const rows = Math.max(
      1,
      batches.reduce((sum, { weight }) => sum + weight.filter((w) => w !== 0).length, 0),
    );
    const loss = { temperature: options.temperature, entropyWeight: entropyCoef / rows, ...tokenLoss };
    try {
      for (const [i, batch] of batches.entries()) {
        signal?.throwIfAborted();
        await this.accumulate(batch, loss, sums, loss.type === 'gspo');
        onProgress?.(i + 1, batches.length);
      }
    } catch (error) {
      this.clearGradients();
      throw error;
    }
    const total = sums.loss - loss.entropyWeight * sums.entropy;
    // A clipped token has a gradient of 0 whatever its loss: finite gradients do not vouch for the loss.
    const gradNorm = Number.isFinite(total) ? await this.apply(options) : this.giveUp();
    return {
      loss: total,
      gradNorm,
      clipped: sums.clipped,
      kl: sums.kl / rows,
      entropy: sums.entropy / rows,
      logprobDifference: sums.difference / rows,
      finite: Number.isFinite(gradNorm),
    };
  }

  /** Forgets what AdamW has gathered, as if no step had been taken. */
  resetOptimizer(): void {
    for (const { m, v } of this.network.parameters.pools) {
      this.gpu.recorder.clear(m);
      this.gpu.recorder.clear(v);
    }
    this.steps = 0;
  }

  /** Leaves everything as it was before the step. */
  private giveUp(): number {
    this.clearGradients();
    return Number.NaN;
  }

  private clearGradients(): void {
    for (const { grad } of this.network.parameters.pools) this.gpu.recorder.clear(grad);
  }

  /** Logprobs of the targets of a batch, of logits / temperature. */
  async logprobs(batch: MicroBatch, temperature: number, adapterOn: boolean): Promise<Float32Array> {
    const { gpu } = this;
    this.upload(batch);
    this.transformer.forward(gpu.recorder, batch.tokens.length, adapterOn);
    this.head.forward(gpu.recorder, batch.lossRow.length, { temperature, adapterOn });
    return gpu.readF32(this.used(this.buffers.logprob, batch.lossRow.length));
  }

  /** Logits (T, V) of one sequence of at most `headRows` tokens. */
  async logits(tokens: Int32Array, adapterOn: boolean): Promise<Float32Array> {
    const { gpu, buffers, sizes } = this;
    const T = tokens.length;
    if (T > sizes.headRows)
      throw new Error(`logits of ${T} tokens are more than the ${sizes.headRows} rows held at once`);
    const zeros = new Float32Array(T);
    const rows = Int32Array.from({ length: T }, (_, n) => n);
    const perRow = { lossRow: rows, target: rows, weight: zeros, advantage: zeros };
    this.upload({ tokens, starts: Int32Array.of(0, T), ...perRow, oldLogprob: zeros, referenceLogprob: zeros });
    this.transformer.forward(gpu.recorder, T, adapterOn);
    this.head.forward(gpu.recorder, T, { temperature: 1, adapterOn });
    return gpu.readF32(this.used(buffers.logits, T * this.network.config.vocabulary));
  }

  release(): void {
    this.gpu.release(this.partial.buffer);
    this.gpu.release(this.scale.buffer);
  }

  private async accumulate(
    batch: MicroBatch,
    loss: LossParameters,
    sums: Record<string, number>,
    perAnswer: boolean,
  ): Promise<void> {
    const { gpu, buffers } = this;
    const to = gpu.recorder;
    const rows = batch.tokens.length;
    const M = batch.lossRow.length;
    this.upload(batch);
    this.transformer.forward(to, rows, true);
    this.head.forwardBackward(to, { batchRows: rows, rows: M, answers: batch.starts.length - 1 }, loss);
    this.transformer.backward(to, rows);
    const [entropy, stats] = await gpu.read(this.used(buffers.entropy, M), this.used(buffers.stats, 4 * M));
    let answer = -1;
    for (let m = 0; m < M; m++) {
      const first = batch.lossRow[m]! >= batch.starts[answer + 1]!;
      while (batch.lossRow[m]! >= batch.starts[answer + 1]!) answer++;
      if (batch.weight[m] === 0) continue;
      sums.entropy! += entropy![m]!;
      sums.loss! += stats![4 * m]!;
      if (first || !perAnswer) sums.clipped! += stats![4 * m + 1]!;
      sums.kl! += stats![4 * m + 2]!;
      sums.difference! += stats![4 * m + 3]!;
    }
  }

  /**
   * Norm, clip and AdamW; the clip scale stays on the GPU. Returns the norm; NaN when it is not finite and nothing was
   * changed.
   */
  private async apply({ optimizer, learningRate }: OptimizerStep): Promise<number> {
    const { ops, network, partials, partial, scale } = this;
    const to = this.gpu.recorder;
    const { pools } = network.parameters;
    this.steps++;
    pools.forEach(({ grad }, i) => {
      ops.gradNorm.forward(to, { grad, partial: partials[i]! });
    });
    ops.gradNorm.finish(to, { partial, scale }, { maxGradNorm: optimizer.maxGradNorm });
    const { beta1, beta2, eps } = optimizer;
    for (const { value: parameter, grad, m, v, decay } of pools) {
      const weightDecay = decay ? optimizer.weightDecay : 0;
      const settings = { learningRate, beta1, beta2, eps, weightDecay, step: this.steps };
      ops.adamw.forward(to, { parameter, grad, m, v, scale }, settings);
    }
    const [norm = Number.NaN, , finite] = await this.gpu.readF32(scale);
    if (finite === 1) return norm;
    this.steps--;
    return this.giveUp();
  }

  private upload(batch: MicroBatch): void {
    const { gpu, buffers: b, sizes } = this;
    const N = batch.tokens.length;
    if (N > sizes.batchRows) throw new Error(`a micro-batch of ${N} tokens is over the planned ${sizes.batchRows}`);
    const position = new Uint32Array(N);
    const start = new Uint32Array(N);
    const end = new Uint32Array(N);
    for (let s = 0; s + 1 < batch.starts.length; s++) {
      const [from, until] = [batch.starts[s]!, batch.starts[s + 1]!];
      for (let n = from; n < until; n++) {
        position[n] = n - from;
        start[n] = from;
        end[n] = until;
      }
    }
    gpu.write(b.token, Uint32Array.from(batch.tokens));
    gpu.write(b.position, position);
    gpu.write(b.start, start);
    gpu.write(b.end, end);
    for (const window of windowsOf(this.network.layers.map(({ description }) => description))) {
      gpu.write(
        b[`start ${window}`]!,
        start.map((first, n) => Math.max(first, n + 1 - window)),
      );
      gpu.write(
        b[`end ${window}`]!,
        end.map((last, n) => Math.min(last, n + window)),
      );
    }
    gpu.write(b.answerStart, answerStarts(batch));
    gpu.write(b.lossRow, Uint32Array.from(batch.lossRow));
    gpu.write(b.target, Uint32Array.from(batch.target));
    gpu.write(b.weight, batch.weight);
    gpu.write(b.advantage, batch.advantage);
    gpu.write(b.oldLogprob, batch.oldLogprob);
    gpu.write(b.referenceLogprob, batch.referenceLogprob);
  }

  /** The first `count` elements of a tensor, for reading back. */
  private used(tensor: Tensor, count: number): Tensor {
    return { ...tensor, shape: [count], bytes: 4 * count };
  }
}

/** (B + 1) the first loss row of each sequence, and M. */
function answerStarts({ starts, lossRow }: MicroBatch): Uint32Array<ArrayBuffer> {
  let m = 0;
  return Uint32Array.from(starts, (start) => {
    while (m < lossRow.length && lossRow[m]! < start) m++;
    return m;
  });
}
