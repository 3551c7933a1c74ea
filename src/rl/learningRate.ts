import type { OptimizerConfig } from '../config/run';

/** Linear warm-up over optimizer steps, then constant. `optimizerStep` counts from 0; the first one is not wasted on a rate of 0. */
export const learningRateAt = (
  { learningRate, warmupSteps }: Pick<OptimizerConfig, 'learningRate' | 'warmupSteps'>,
  optimizerStep: number,
): number => learningRate * Math.min(1, (optimizerStep + 1) / (warmupSteps + 1));
