import { type AdamwState, adamwForward } from '../adamw';
import { gradNormForward } from '../gradNorm';

export interface OptimizerOptions {
  readonly learningRate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly eps: number;
  readonly weightDecay: number;
  readonly maxGradNorm: number;
}

/**
 * One optimizer step over the trained parameters: the gradients are clipped by their common norm; weights of norms
 * (`decay` false) do not decay.
 */
export function transformerStep(
  trained: readonly { state: AdamwState; decay: boolean }[],
  { maxGradNorm, weightDecay, ...options }: OptimizerOptions,
  step: number,
): { gradNorm: number } {
  const [gradNorm, clipScale] = gradNormForward(
    trained.map(({ state }) => state.grad),
    maxGradNorm,
  );
  for (const { state, decay } of trained) {
    adamwForward(state, clipScale, { ...options, weightDecay: decay ? weightDecay : 0, step });
  }
  return { gradNorm };
}
