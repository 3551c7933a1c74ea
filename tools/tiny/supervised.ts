import type { MicroBatch } from '../../src/model/microBatch';
import type { Encoded } from './encode';

/** Examples packed into one batch whose weights sum to 1: each token with a weight is learned by maximum likelihood. */
export function supervisedBatch(examples: readonly Encoded[]): MicroBatch {
  const tokens: number[] = [];
  const starts = [0];
  const rows: number[] = [];
  const weights: number[] = [];
  for (const { ids, weights: own } of examples) {
    for (let t = 1; t < ids.length; t++) {
      if (own[t]! === 0) continue;
      rows.push(tokens.length + t - 1);
      weights.push(own[t]!);
    }
    tokens.push(...ids);
    starts.push(tokens.length);
  }
  const total = weights.reduce((a, b) => a + b, 0);
  const M = rows.length;
  return {
    tokens: Int32Array.from(tokens),
    starts: Int32Array.from(starts),
    lossRow: Int32Array.from(rows),
    target: Int32Array.from(rows, (row) => tokens[row + 1]!),
    weight: Float32Array.from(weights, (weight) => weight / total),
    // Advantage 1 on the current policy: the gradient is that of the log-likelihood.
    advantage: new Float32Array(M).fill(1),
    oldLogprob: new Float32Array(M).fill(Number.NaN),
    referenceLogprob: new Float32Array(M),
  };
}
