import { z } from 'zod';
import { PROJECTIONS } from './model';

/** How tokens are drawn. Filters apply in this order: repetition penalty, temperature, top-k, top-p, min-p. */
export const samplingSchema = z.object({
  maxNewTokens: z.number().int().min(1).max(32768).default(256),
  /** 0 is greedy. Logprobs are of logits / temperature (of the raw logits when greedy). */
  temperature: z.number().min(0).max(5).default(1),
  /** 0 keeps all. */
  topK: z.number().int().min(0).default(0),
  topP: z.number().gt(0).max(1).default(1),
  minP: z.number().min(0).lt(1).default(0),
  repetitionPenalty: z.number().min(1).max(3).default(1),
});
export type Sampling = z.infer<typeof samplingSchema>;

export const graderSchema = z.object({
  /** `self`: the policy as it is now. `frozen`: the weights the run started from (adapter off). */
  kind: z.enum(['self', 'frozen']).default('self'),
  /**
   * `json`: the model writes the whole JSON answer. `forced`: the JSON frame is given, the model writes the explanation and the verdict is
   * read from the logits of true and false. `verdict`: only the verdict is read, nothing is decoded.
   */
  mode: z.enum(['json', 'forced', 'verdict']).default('forced'),
  sampling: samplingSchema.prefault({ temperature: 0.6, topP: 0.95, topK: 20, maxNewTokens: 256 }),
  /** Tries for a criterion whose answer could not be read (json mode). */
  tries: z.number().int().min(1).max(10).default(3),
  /** What an ungraded criterion does to the reward: left out of both sums, or counted as not met (as the published code does). */
  ungraded: z.enum(['leftOut', 'notMet']).default('leftOut'),
  /** Our own prompt unless given: a template with <<conversation>> and <<rubric_item>> (simple-evals' file works). */
  template: z.string().optional(),
});
export type GraderConfig = z.infer<typeof graderSchema>;

export const lossSchema = z.object({
  clipLow: z.number().min(0).lt(1).default(0.2),
  clipHigh: z.number().min(0).default(0.28),
  /** β of the k3 estimator against the adapter-off reference; 0 leaves the reference out. */
  klCoef: z.number().min(0).default(0),
  /** `sequence`: mean over sequences of their token means. `token`: sum over tokens / all tokens. */
  aggregation: z.enum(['sequence', 'token']).default('sequence'),
  /** Divide advantages by the group's unbiased standard deviation + 1e-6. */
  normalizeStd: z.boolean().default(true),
});
export type LossConfig = z.infer<typeof lossSchema>;

export const optimizerSchema = z.object({
  learningRate: z.number().positive().max(1).default(1e-5),
  warmupSteps: z.number().int().min(0).default(0),
  weightDecay: z.number().min(0).default(0),
  beta1: z.number().min(0).lt(1).default(0.9),
  beta2: z.number().min(0).lt(1).default(0.999),
  eps: z.number().positive().default(1e-8),
  maxGradNorm: z.number().positive().default(1),
  /** Optimizer steps made from the answers of one step. */
  stepsPerRollout: z.number().int().min(1).default(1),
  /** Tokens of a packed micro-batch; gradients of micro-batches add up. */
  microBatchTokens: z.number().int().min(16).default(2048),
});
export type OptimizerConfig = z.infer<typeof optimizerSchema>;

export const trainableSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('lora'),
    rank: z.number().int().min(1).max(256).default(16),
    alpha: z.number().positive().default(32),
    targets: z
      .array(z.enum(PROJECTIONS))
      .min(1)
      .default([...PROJECTIONS]),
  }),
  z.object({ kind: z.literal('full') }),
]);
export type Trainable = z.infer<typeof trainableSchema>;

/** Everything a run depends on besides the model and the data. Plain data: serialisable, comparable, usable on either thread. */
export const runConfigSchema = z.object({
  seed: z.number().int().min(0).max(0xffffffff).default(1),
  steps: z.number().int().min(1).default(60),
  promptsPerStep: z.number().int().min(1).max(1024).default(4), // P
  groupSize: z.number().int().min(1).max(256).default(8), // G
  /** Prompts longer than this, in tokens, are left out of the run and counted. */
  maxPromptTokens: z.number().int().min(8).default(1024),
  sampling: samplingSchema.prefault({}),
  /** Whether a reasoning model thinks before it answers. Its chat template decides when absent. */
  thinking: z.boolean().optional(),
  grader: graderSchema.prefault({}),
  loss: lossSchema.prefault({}),
  optimizer: optimizerSchema.prefault({}),
  trainable: trainableSchema.prefault({ kind: 'lora' }),
  /** Share of examples set aside by seed when no hard file says which. */
  heldOutShare: z.number().min(0).max(0.9).default(0.1),
  /** Save every so many steps; 0 saves only on stop and at the end. */
  checkpointEvery: z.number().int().min(0).default(10),
});
export type RunConfig = z.infer<typeof runConfigSchema>;
export type RunConfigInput = z.input<typeof runConfigSchema>;

/** What a sound config does that a person may not expect, in words; shown beside the recipe. */
export function warnings({ sampling }: RunConfig): string[] {
  const found: string[] = [];
  const cuts = [sampling.topK > 0 && 'top-k', sampling.topP < 1 && 'top-p', sampling.minP > 0 && 'min-p'].filter(
    (cut) => cut !== false,
  );
  if (cuts.length > 0) {
    found.push(
      `${cuts.join(' and ')} cut what answers are drawn from, but logprobs are of the whole distribution, not renormalised: learning sees answers as less likely than they were`,
    );
  }
  if (sampling.repetitionPenalty !== 1) {
    found.push(
      'the repetition penalty changes what answers are drawn from, and the update knows nothing of it: logprobs of answering and learning will not agree',
    );
  }
  return found;
}

/** Every problem with a config that single fields cannot show, in words; empty when it is sound. */
export function problems(config: RunConfig): string[] {
  const found: string[] = [];
  if (config.groupSize < 2) {
    found.push(`groupSize is ${config.groupSize}: a group of one has no relative advantage, use 2 or more`);
  }
  if (config.sampling.temperature === 0) {
    found.push('temperature is 0: all answers of a group would be equal, use a value above 0');
  }
  const answers = config.promptsPerStep * config.groupSize;
  if (config.optimizer.stepsPerRollout > answers) {
    found.push(`stepsPerRollout is ${config.optimizer.stepsPerRollout}, but a step has only ${answers} answers`);
  }
  if (config.trainable.kind === 'full' && config.loss.klCoef > 0) {
    found.push('klCoef above 0 needs an adapter: with full fine-tuning there is no adapter-off reference');
  }
  if (config.trainable.kind === 'full' && config.grader.kind === 'frozen') {
    found.push('the frozen grader needs an adapter: with full fine-tuning the starting weights are overwritten');
  }
  return found;
}
