import { type GrpoInputs, grpoLossForward } from './grpoLoss';
import { logprobBackward, logprobForward } from './logprob';
import { type Packed, transformerBackward, transformerForward } from './transformer';
import type { ParameterMap, ReferenceModel } from './transformerParameters';

/** The rows that carry loss, and what GRPO knows of the tokens that they predict. */
export interface LossRows extends Omit<GrpoInputs, 'logprob'> {
  /** (M) row n predicts token n + 1. */
  readonly row: readonly number[];
}

export interface LossOptions {
  readonly temperature: number;
  readonly clipLow: number;
  readonly clipHigh: number;
  readonly klCoef: number;
}

/** From tokens to the loss and, where `grads` is given, to the gradient of every parameter, which it adds. */
export function transformerLoss(
  model: ReferenceModel,
  batch: Packed,
  rows: LossRows,
  { temperature, clipLow, clipHigh, klCoef }: LossOptions,
  grads?: ParameterMap,
) {
  const V = model.config.vocabulary;
  const activations = transformerForward(model, batch);
  const target = rows.row.map((n) => batch.token[n + 1]!);
  const logits = new Float64Array(rows.row.length * V); // of the rows that carry loss, (M, V)
  for (const [m, n] of rows.row.entries()) logits.set(activations.logits.subarray(n * V, (n + 1) * V), m * V);
  const { logprob, lse, entropy } = logprobForward(logits, target, temperature);
  const { loss, coefficient, stats } = grpoLossForward({ ...rows, logprob }, clipLow, clipHigh, klCoef);

  if (grads) {
    const dselected = logprobBackward(logits, target, lse, coefficient, temperature);
    const dlogits = new Float64Array(activations.logits.length);
    for (const [m, n] of rows.row.entries()) dlogits.set(dselected.subarray(m * V, (m + 1) * V), n * V);
    transformerBackward(model, batch, activations, dlogits, grads);
  }
  return { loss: loss.reduce((sum, value) => sum + value, 0), logprob, entropy, stats };
}
