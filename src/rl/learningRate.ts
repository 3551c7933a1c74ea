import type { OptimizerConfig } from '../domain/recipe/optimizer';

/**
 * The rate of an optimizer step, `optimizerStep` counting from 0 of `total`: up from 0 along a line over the warm-up,
 * then constant, or down to 0 at `total` along a line or half a cosine (get_constant_schedule_with_warmup, get_linear_…
 * and get_cosine_… of transformers).
 */
export function learningRateAt(
  { learningRate, warmupSteps, schedule }: Pick<OptimizerConfig, 'learningRate' | 'warmupSteps' | 'schedule'>,
  optimizerStep: number,
  total: number,
): number {
  if (optimizerStep < warmupSteps) return learningRate * (optimizerStep / Math.max(1, warmupSteps));
  if (schedule === 'constant') return learningRate;
  const falling = Math.max(1, total - warmupSteps);
  if (schedule === 'linear') return learningRate * Math.max(0, (total - optimizerStep) / falling);
  const progress = (optimizerStep - warmupSteps) / falling;
  return learningRate * Math.max(0, 0.5 * (1 + Math.cos(Math.PI * progress)));
}
