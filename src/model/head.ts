import { LOSS_TYPES } from '../domain/recipe/loss';
import type { Recorder } from '../gpu/recorder';
import { type Tensor, view } from '../gpu/tensor';
import type { TokenLoss } from '../kernels/grpoLoss';
import { lossRows } from './layouts';
import { type Network, weightsFor } from './network';
import type { Ops } from './ops';
import type { Sizes } from './sizes';
import type { UpdateTensors } from './transformer';

const PER_ROW = [
  'lossRow',
  'target',
  'weight',
  'advantage',
  'oldLogprob',
  'sequenceLogRatio',
  'referenceLogprob',
  'logprob',
  'rowLse',
  'entropy',
  'coefficient',
  'stats',
] as const;

type Chunk = Readonly<Record<(typeof PER_ROW)[number], Tensor>>;

export interface LossParameters extends TokenLoss {
  readonly temperature: number;
  /** The entropy of each loss row, times this, is taken from the loss. */
  readonly entropyWeight: number;
}

/**
 * The output head over the loss rows of a batch, `headRows` at a time, so that logits (M, V) never exist as a whole: a
 * chunk of them is made, turned in place into its gradient, multiplied back, and overwritten by the next.
 */
export class Head {
  private readonly chunks: readonly Chunk[];

  constructor(
    private readonly ops: Ops,
    private readonly network: Network,
    private readonly buffers: UpdateTensors,
    private readonly sizes: Sizes,
  ) {
    const count = lossRows(sizes) / sizes.headRows;
    this.chunks = Array.from({ length: count }, (_, i) => this.slice(i));
  }

  /**
   * Logprob, log-sum-exp and entropy of `rows` loss rows; `each` also records what follows while the chunk's logits are
   * there.
   */
  forward(
    to: Recorder,
    rows: number,
    { temperature, adapterOn }: { temperature: number; adapterOn: boolean },
    each?: (chunk: Chunk, rows: number) => void,
  ): void {
    const { ops, network, buffers: b, sizes } = this;
    const { head } = weightsFor(network, adapterOn);
    for (let first = 0, i = 0; first < rows; first += sizes.headRows, i++) {
      const chunk = this.chunks[i]!;
      const count = Math.min(sizes.headRows, rows - first);
      ops.gather.forward(to, { x: b.hidden, index: chunk.lossRow, y: b.headHidden }, { rows: count });
      ops.gemm.forward(to, { x: b.headHidden, y: b.logits }, head.weight, { rows: count });
      const { target, logprob, rowLse: lse, entropy } = chunk;
      ops.logprob.forward(to, { logits: b.logits, target, logprob, lse, entropy }, { rows: count, temperature });
      each?.(chunk, count);
    }
  }

  /**
   * The loss of `rows` loss rows, of `answers` answers, and its gradient, into `buffers.dHidden` (N, C) and the head's
   * own gradient when it is trained. One ratio per answer needs the logprobs of all its tokens first: then the head
   * runs forward twice.
   */
  forwardBackward(
    to: Recorder,
    { batchRows, rows, answers }: { batchRows: number; rows: number; answers: number },
    { temperature, entropyWeight, ...loss }: LossParameters,
  ): void {
    const { ops, network, buffers: b } = this;
    to.clear(b.dHidden, { count: batchRows * network.config.channels });
    if (LOSS_TYPES[loss.type ?? 'grpo'].ratio === 'answer') {
      this.forward(to, rows, { temperature, adapterOn: true });
      const { logprob, oldLogprob, weight, answerStart, sequenceLogRatio: logRatio } = b;
      ops.sequenceRatio.forward(to, { logprob, oldLogprob, weight, answerStart, logRatio }, { answers });
    }
    this.forward(to, rows, { temperature, adapterOn: true }, (chunk, count) => {
      const { target, rowLse: lse, lossRow: index, logprob, entropy, ...perRow } = chunk;
      const { oldLogprob, sequenceLogRatio, referenceLogprob, advantage, weight, coefficient, stats } = perRow;
      const known = { oldLogprob, sequenceLogRatio, referenceLogprob, advantage, weight };
      ops.loss.forward(to, { logprob, ...known, coefficient, stats }, { rows: count, ...loss });
      const io = { logits: b.logits, target, lse, coefficient, entropy, weight };
      ops.logprob.backward(to, io, { rows: count, temperature, bonus: entropyWeight });
      const { dweight } = network.head;
      if (dweight) ops.gemm.weightGrad(to, { x: b.headHidden, dy: b.logits }, dweight, { rows: count });
      ops.gemm.inputGrad(to, { dy: b.logits, dx: b.dHeadHidden }, network.head.weight, { rows: count });
      ops.gather.backward(to, { dy: b.dHeadHidden, index, dx: b.dHidden }, { rows: count });
    });
  }

  /** Views of the i-th chunk of every per-row array. */
  private slice(i: number): Chunk {
    const { headRows } = this.sizes;
    const entries = PER_ROW.map((name) => {
      const { label, shape, buffer, offset, type } = this.buffers[name];
      const width = shape[1] ?? 1;
      const part = shape.length === 2 ? [headRows, width] : [headRows];
      return [name, view(`${label} ${i}`, part, buffer, { offset: offset + 4 * i * headRows * width, type })];
    });
    return Object.fromEntries(entries) as Chunk;
  }
}
