import { type GrpoInputs, type GrpoOptions, grpoLossForward, totalLoss } from '../grpoLoss';
import { logprobBackward, logprobForward } from '../logprob';
import { sequenceRatioForward } from '../sequenceRatio';
import { type Packed, transformerBackward, transformerForward } from './transformer';
import type { ParameterMap, ReferenceModel } from './transformerParameters';

/** The rows that carry loss, and what GRPO knows of the tokens that they predict. */
export interface LossRows extends Omit<GrpoInputs, 'logprob' | 'sequenceLogRatio'> {
  /** (M) row n predicts token n + 1. */
  readonly row: readonly number[];
  /** gspo only: (B + 1) first loss row of each answer, and M. */
  readonly answerStart?: readonly number[];
}

export interface LossOptions extends GrpoOptions {
  readonly temperature: number;
  /** Taken from the loss: so much times the sum of the entropies of the rows whose weight is not 0. */
  readonly entropyWeight?: number;
}

/** From tokens to the loss and, where `grads` is given, to the gradient of every parameter, which it adds. */
export function transformerLoss(
  model: ReferenceModel,
  batch: Packed,
  rows: LossRows,
  { temperature, entropyWeight = 0, ...options }: LossOptions,
  grads?: ParameterMap,
) {
  const V = model.config.vocabulary;
  const activations = transformerForward(model, batch);
  const target = rows.row.map((n) => batch.token[n + 1]!);
  const logits = new Float64Array(rows.row.length * V); // of the rows that carry loss, (M, V)
  for (const [m, n] of rows.row.entries()) logits.set(activations.logits.subarray(n * V, (n + 1) * V), m * V);
  const { logprob, lse, entropy } = logprobForward(logits, target, temperature);
  const inputs = { ...rows, logprob, ...sequenceRatio(rows, logprob) };
  const { coefficient, stats } = grpoLossForward(inputs, options);

  if (grads) {
    const bonus = { entropy, rowWeight: rows.weight, weight: entropyWeight };
    const dselected = logprobBackward(logits, target, lse, coefficient, temperature, bonus);
    const dlogits = new Float64Array(activations.logits.length);
    for (const [m, n] of rows.row.entries()) dlogits.set(dselected.subarray(m * V, (m + 1) * V), n * V);
    transformerBackward(model, batch, activations, dlogits, grads);
  }
  const entropies = entropy.reduce((sum, value, m) => sum + (rows.weight[m] === 0 ? 0 : value), 0);
  return { loss: totalLoss(stats) - entropyWeight * entropies, logprob, entropy, stats };
}

const sequenceRatio = ({ oldLogprob, weight, answerStart }: LossRows, logprob: Float64Array) =>
  answerStart && { sequenceLogRatio: sequenceRatioForward(logprob, oldLogprob, weight, answerStart) };
