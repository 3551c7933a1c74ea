import type { LossConfig } from '../config/run';
import type { MicroBatch } from '../model/microBatch';
import type { Rollout } from './policy';

export interface BatchOptions {
  readonly type: LossConfig['type'];
  /** Tokens of a micro-batch; a longer sequence gets one of its own. */
  readonly microBatchTokens: number;
  /** Answers with advantage 0 move nothing when there is no KL term: their pass is saved, their share in the mean kept. */
  readonly skipZeroAdvantage: boolean;
}

/** Start and end of each optimizer step's share of `count` answers, in order, sizes differing by one at most. */
export const optimizerShares = (count: number, steps: number): [number, number][] =>
  Array.from({ length: steps }, (_, i) => [Math.floor((i * count) / steps), Math.floor(((i + 1) * count) / steps)]);

/**
 * Packs the answers of one optimizer step into micro-batches without padding, long ones first (first fit). Only completion tokens carry loss;
 * weights sum to 1 over all answers, trained on or skipped: 'grpo' gives every answer 1 / answers, spread over its tokens, 'dapo' every
 * token the same. Reference logprobs are 0 until a reference pass fills them.
 */
export function packBatches(
  rollouts: readonly Rollout[],
  advantages: Float32Array,
  { type, microBatchTokens, skipZeroAdvantage }: BatchOptions,
): MicroBatch[] {
  const answers = rollouts
    .map((rollout, i) => ({ rollout, advantage: advantages[i]!, length: rollout.tokens.length - rollout.promptLength }))
    .filter(({ length }) => length > 0);
  const tokens = answers.reduce((sum, { length }) => sum + length, 0);
  const weightOf = (length: number) => (type === 'dapo' ? 1 / tokens : 1 / (answers.length * length));

  const byLength = answers
    .map((answer) => ({ ...answer, weight: weightOf(answer.length) }))
    .sort((a, b) => b.rollout.tokens.length - a.rollout.tokens.length);
  const moving = byLength.filter(({ advantage }) => advantage !== 0);
  // The optimizer steps even when nothing moves (momentum, weight decay): one short answer carries a gradient of 0 there.
  const used = skipZeroAdvantage ? (moving.length > 0 ? moving : byLength.slice(-1)) : byLength;

  const bins: { rows: number; answers: Answer[] }[] = [];
  for (const answer of used) {
    const rows = answer.rollout.tokens.length;
    const bin = bins.find((candidate) => candidate.rows + rows <= microBatchTokens);
    if (bin) {
      bin.rows += rows;
      bin.answers.push(answer);
    } else {
      bins.push({ rows, answers: [answer] });
    }
  }
  return bins.map(pack);
}

interface Answer {
  readonly rollout: Rollout;
  readonly advantage: number;
  readonly length: number;
  readonly weight: number;
}

function pack({ rows, answers }: { rows: number; answers: readonly Answer[] }): MicroBatch {
  const M = answers.reduce((sum, { length }) => sum + length, 0);
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
  answers.forEach(({ rollout, advantage, length, weight }, i) => {
    batch.tokens.set(rollout.tokens, row);
    batch.target.set(rollout.tokens.subarray(rollout.promptLength), m);
    batch.oldLogprob.set(rollout.logprobs, m);
    batch.weight.fill(weight, m, m + length);
    batch.advantage.fill(advantage, m, m + length);
    for (let t = 0; t < length; t++) batch.lossRow[m + t] = row + rollout.promptLength - 1 + t;
    row += rollout.tokens.length;
    m += length;
    batch.starts[i + 1] = row;
  });
  return batch;
}
