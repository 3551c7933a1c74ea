import { z } from 'zod';
import { choice, field } from './field';

const OPTIMIZER = { section: 'optimizer' } as const;

/** AdamW. */
export const optimizerSchema = z.object({
  learningRate: field(z.number().positive().max(1).default(1e-5), {
    section: 'surface',
    title: 'Learning rate',
    help: 'Step size of AdamW. Too high: answers break. Too low: nothing changes.',
    step: 0.00001,
  }),
  /** The decay ends at 0 at the run's last optimizer step, along a line or half a cosine. */
  schedule: choice({ constant: 'Constant', linear: 'Linear decay', cosine: 'Cosine decay' }, 'constant', {
    ...OPTIMIZER,
    title: 'Learning-rate schedule',
    help: 'Learning rate after the warm-up. A decay reaches 0 at the last update of the run.',
  }),
  warmupSteps: field(z.number().int().min(0).default(0), {
    ...OPTIMIZER,
    most: 10_000,
    title: 'Warm-up',
    help: 'The learning rate rises from 0 over this many updates; the first is at 0.',
    unit: 'updates',
  }),
  stepsPerRollout: field(z.number().int().min(1).default(1), {
    ...OPTIMIZER,
    most: 64,
    title: 'Updates per step',
    help: 'Optimizer updates from the answers of one step, in each epoch.',
  }),
  /** TRL's num_iterations. */
  epochsPerRollout: field(z.number().int().min(1).max(16).default(1), {
    ...OPTIMIZER,
    title: 'Epochs per step',
    help: 'Passes over the answers of a step. From the second epoch on, the clip range keeps the model near the one that wrote the answers.',
  }),
  weightDecay: field(z.number().min(0).default(0), {
    ...OPTIMIZER,
    most: 1,
    title: 'Weight decay',
    help: 'Higher values pull the weights towards 0 (AdamW); 0 is off.',
    step: 0.01,
  }),
  maxGradNorm: field(z.number().positive().default(1), {
    ...OPTIMIZER,
    most: 1000,
    title: 'Max gradient norm',
    help: 'Larger gradients are scaled down to this norm.',
    step: 0.1,
  }),
  /** Micro-batches are packed, and their gradients add up. */
  microBatchTokens: field(z.number().int().min(16).default(2048), {
    ...OPTIMIZER,
    most: 65_536,
    step: 256,
    title: 'Micro-batch size (tokens)',
    help: 'A smaller micro-batch needs less memory and takes longer; the result is the same.',
  }),
  beta1: field(z.number().min(0).lt(1).default(0.9), {
    ...OPTIMIZER,
    onPage: false,
    title: 'AdamW β1',
    help: 'Decay of the mean of the gradients.',
  }),
  beta2: field(z.number().min(0).lt(1).default(0.999), {
    ...OPTIMIZER,
    onPage: false,
    title: 'AdamW β2',
    help: 'Decay of the mean of the squared gradients.',
  }),
  eps: field(z.number().positive().default(1e-8), {
    ...OPTIMIZER,
    onPage: false,
    title: 'AdamW ε',
    help: 'Added to the square root of the squared gradients.',
  }),
});
export type OptimizerConfig = z.infer<typeof optimizerSchema>;

/** Optimizer steps of the whole run. */
export const optimizerSteps = ({
  steps,
  optimizer,
}: {
  readonly steps: number;
  readonly optimizer: Pick<OptimizerConfig, 'stepsPerRollout' | 'epochsPerRollout'>;
}): number => steps * optimizer.stepsPerRollout * optimizer.epochsPerRollout;
