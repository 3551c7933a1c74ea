import { LOSS_TYPES, type LossConfig, type LossType } from '../domain/recipe/loss';
import type { Rollout } from '../domain/rollout';
import type { MicroBatch } from '../model/microBatch';

export interface BatchOptions extends Pick<LossConfig, 'type' | 'truncated'> {
  /** Longest answer of the recipe, in tokens: what dr_grpo divides by. */
  readonly maxNewTokens: number;
  /** Tokens of a micro-batch; a longer sequence gets a separate one. */
  readonly microBatchTokens: number;
  /**
   * Answers with advantage 0 move nothing when there is neither a KL term nor an entropy bonus: their pass is saved,
   * their share in the mean kept. Not with a weight per micro-batch (bnpo), where a token's weight depends on the
   * micro-batch that it is in.
   */
  readonly skipZeroAdvantage: boolean;
}

/** Start and end of each optimizer step's share of `count` answers, in order, sizes differing by one at most. */
export const optimizerShares = (count: number, steps: number): [number, number][] =>
  Array.from({ length: steps }, (_, i) => [Math.floor((i * count) / steps), Math.floor(((i + 1) * count) / steps)]);

/**
 * Packs the answers of one optimizer step into micro-batches without padding, long ones first (first fit). Only
 * completion tokens carry loss; their weights are TRL's averages over the step's answers, trained on or skipped
 * (grpo_trainer.py, _compute_loss):
 *   answer        1 / (answers · tokens of the answer)
 *   update        1 / tokens
 *   microBatch    1 / (micro-batches · tokens of the micro-batch)
 *   maxLength     1 / (answers · maxNewTokens)
 * `truncated: 'masked'` leaves answers that reached the length limit out: they count as answers, not as tokens. Where
 * that leaves none, the shortest stands in without weight, so that the optimizer makes its step as in TRL. Reference
 * logprobs are 0 until a reference pass fills them.
 */
export function packBatches(
  rollouts: readonly Rollout[],
  advantages: Float32Array,
  { type, truncated, maxNewTokens, microBatchTokens, skipZeroAdvantage }: BatchOptions,
): MicroBatch[] {
  const { weight } = LOSS_TYPES[type];
  const answers = answersOf(rollouts, advantages);
  const count = answers.length;
  const counted = new Set(unmaskedOf(rollouts, truncated));
  const unmasked = answers.filter(({ rollout }) => counted.has(rollout));
  if (unmasked.length === 0)
    return fill(longestFirst(answers).slice(-1), microBatchTokens).map((bin) => pack(bin, () => 0));
  const moving = unmasked.filter(({ advantage }) => advantage !== 0);
  // The optimizer steps even when nothing moves (momentum, weight decay): one short answer carries a gradient of 0
  // there.
  const fewest = moving.length > 0 ? moving : longestFirst(unmasked).slice(-1);
  const bins = fill(skipZeroAdvantage && weight !== 'microBatch' ? fewest : unmasked, microBatchTokens);
  const tokens = tokensOf(unmasked);

  return bins.map((bin) => {
    const inBin = tokensOf(bin);
    const weights: Record<LossType['weight'], (answer: Answer) => number> = {
      answer: ({ length }) => 1 / (count * length),
      update: () => 1 / tokens,
      microBatch: () => 1 / (bins.length * inBin),
      maxLength: () => 1 / (count * maxNewTokens),
    };
    return pack(bin, weights[weight]);
  });
}

/** The answers that carry loss. */
export const unmaskedOf = (rollouts: readonly Rollout[], truncated: LossConfig['truncated']): Rollout[] =>
  rollouts.filter(({ finish }) => truncated === 'kept' || finish !== 'length');

/** All answers packed to look at, without loss; `order` gives the rollout of each sequence of a batch. */
export function packForLogprobs(
  rollouts: readonly Rollout[],
  microBatchTokens: number,
): { batch: MicroBatch; order: readonly number[] }[] {
  const bins = fill(answersOf(rollouts, new Float32Array(rollouts.length)), microBatchTokens);
  return bins.map((bin) => ({ batch: pack(bin, () => 0), order: bin.map(({ index }) => index) }));
}

interface Answer {
  /** Of the rollout. */
  readonly index: number;
  readonly rollout: Rollout;
  readonly advantage: number;
  /** Completion tokens; never 0. */
  readonly length: number;
}

const answersOf = (rollouts: readonly Rollout[], advantages: Float32Array): Answer[] =>
  rollouts
    .map((rollout, index) => {
      const length = rollout.tokens.length - rollout.promptLength;
      return { index, rollout, advantage: advantages[index]!, length };
    })
    .filter(({ length }) => length > 0);

const tokensOf = (answers: readonly Answer[]): number => answers.reduce((sum, { length }) => sum + length, 0);

const longestFirst = (answers: readonly Answer[]): Answer[] =>
  [...answers].sort((a, b) => b.rollout.tokens.length - a.rollout.tokens.length);

function fill(answers: readonly Answer[], microBatchTokens: number): Answer[][] {
  const bins: { rows: number; answers: Answer[] }[] = [];
  for (const answer of longestFirst(answers)) {
    const rows = answer.rollout.tokens.length;
    const bin = bins.find((candidate) => candidate.rows + rows <= microBatchTokens);
    if (bin) {
      bin.rows += rows;
      bin.answers.push(answer);
    } else {
      bins.push({ rows, answers: [answer] });
    }
  }
  return bins.map((bin) => bin.answers);
}

function pack(answers: readonly Answer[], weightOf: (answer: Answer) => number): MicroBatch {
  const rows = answers.reduce((sum, { rollout }) => sum + rollout.tokens.length, 0);
  const M = tokensOf(answers);
  const batch = {
    tokens: new Int32Array(rows),
    starts: new Int32Array(answers.length + 1),
    lossRow: new Int32Array(M),
    target: new Int32Array(M),
    weight: new Float32Array(M),
    advantage: new Float32Array(M),
    oldLogprob: new Float32Array(M),
    referenceLogprob: new Float32Array(M),
  };
  let row = 0;
  let m = 0;
  answers.forEach((answer, i) => {
    const { rollout, advantage, length } = answer;
    batch.tokens.set(rollout.tokens, row);
    batch.target.set(rollout.tokens.subarray(rollout.promptLength), m);
    batch.oldLogprob.set(rollout.logprobs, m);
    batch.weight.fill(weightOf(answer), m, m + length);
    batch.advantage.fill(advantage, m, m + length);
    for (let t = 0; t < length; t++) batch.lossRow[m + t] = row + rollout.promptLength - 1 + t;
    row += rollout.tokens.length;
    m += length;
    batch.starts[i + 1] = row;
  });
  return batch;
}
