import { z } from 'zod';
import { filterSchema } from '../filter';
import { PROJECTIONS } from '../model';

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

/** Who grades when it is not the model itself. Files and keys are given apart and kept in memory only: a config can be shared. */
export const teacherSchema = z.discriminatedUnion('kind', [
  /** Another language model, run by ONNX Runtime: the folder's name. */
  z.object({ kind: z.literal('onnx'), name: z.string() }),
  /** An OpenAI-compatible chat-completions endpoint. Prices are in the person's currency, per million tokens. */
  z.object({
    kind: z.literal('endpoint'),
    url: z.url(),
    model: z.string().min(1),
    concurrency: z.number().int().min(1).max(64).default(4),
    inputPrice: z.number().min(0).default(0),
    outputPrice: z.number().min(0).default(0),
  }),
  /** Grades from a file, found by prompt and answer: the file's name. */
  z.object({ kind: z.literal('recorded'), name: z.string() }),
]);
export type TeacherConfig = z.infer<typeof teacherSchema>;

export const graderSchema = z.object({
  /**
   * `self`: the policy as it is now. `frozen`: the weights the run started from. `teacher`: another model. `mixed`: the teacher for a share,
   * the policy for the rest.
   */
  kind: z.enum(['self', 'frozen', 'teacher', 'mixed']).default('self'),
  /**
   * `json`: the model writes the whole JSON answer. `forced`: the JSON frame is given, the model writes the explanation and the verdict is
   * read from the logits of true and false. `verdict`: only the verdict is read, nothing is decoded.
   */
  mode: z.enum(['json', 'forced', 'verdict']).default('forced'),
  sampling: samplingSchema.prefault({ temperature: 0.6, topP: 0.95, topK: 20, maxNewTokens: 256 }),
  /** `likelier`: the verdict with the higher probability. `drawn`: drawn at the grading temperature, as free JSON is. Not for json mode. */
  verdict: z.enum(['likelier', 'drawn']).default('likelier'),
  /** Whether a reasoning model thinks before it grades (json mode). Its chat template decides when absent. */
  thinking: z.boolean().optional(),
  /** Tries for a criterion whose answer could not be read (json mode). */
  tries: z.number().int().min(1).max(10).default(3),
  /** What an ungraded criterion does to the reward: left out of both sums, or counted as not met (as the published code does). */
  ungraded: z.enum(['leftOut', 'notMet']).default('leftOut'),
  /** Our own prompt unless given: a template with <<conversation>> and <<rubric_item>> (simple-evals' file works). */
  template: z.string().optional(),
  teacher: teacherSchema.optional(),
  /** Share of prompts of each step, or of steps, that the teacher grades. Only for `mixed`. */
  mixed: z
    .object({ share: z.number().min(0).max(1).default(0.25), by: z.enum(['prompt', 'step']).default('prompt') })
    .prefault({}),
});
export type GraderConfig = z.infer<typeof graderSchema>;

/** Rubrics written by a model for prompts without one, or for all (the paper's ablation). */
export const rubricsSchema = z.object({
  write: z.enum(['never', 'missing', 'all']).default('never'),
  writer: z.enum(['policy', 'teacher']).default('policy'),
  /** Criteria asked for. */
  criteria: z.number().int().min(2).max(20).default(6),
});
export type RubricsConfig = z.infer<typeof rubricsSchema>;

export const lossSchema = z.object({
  /**
   * How tokens are weighted and ratios taken; names and formulas are TRL's. `grpo`: mean over answers of token means. `dapo`: sum over tokens /
   * all tokens of the optimizer step. `bnpo`: the same within a micro-batch. `dr_grpo`: sum over tokens / (answers · maxNewTokens).
   * `gspo`: grpo with one ratio per answer. `cispo`: dapo, but the ratio, at most clipHigh itself, weighs the gradient of the logprob.
   */
  type: z.enum(['grpo', 'dapo', 'dr_grpo', 'bnpo', 'gspo', 'cispo']).default('grpo'),
  clipLow: z.number().min(0).lt(1).default(0.2),
  clipHigh: z.number().min(0).default(0.28),
  /** Largest ratio that counts, above the clip, also where the advantage is negative (TRL's delta, two-sided). Null: none. */
  clipCap: z.number().gt(1).nullable().default(null),
  /** β of the KL penalty against the weights that the run started from; 0 leaves the reference out. */
  klCoef: z.number().min(0).default(0),
  /** Estimator, with d = new − reference. k1: d. k2: d²/2. k3: exp(−d) − 1 + d. lowVar: k3 clamped to [−10, 10] (slime). */
  klKind: z.enum(['k1', 'k2', 'k3', 'lowVar']).default('k3'),
  /** Added to the loss, or taken from the reward of the answer. */
  klIn: z.enum(['loss', 'reward']).default('loss'),
  /** Weight of the mean entropy of the tokens, which is taken from the loss. */
  entropyCoef: z.number().min(0).default(0),
  /** What advantages are divided by: the group's unbiased standard deviation + 1e-6, the batch's, or nothing. */
  scaleRewards: z.enum(['group', 'batch', 'none']).default('group'),
  /** Answers that reached the length limit: trained on as they are, or left out of the loss (their reward still counts in the group). */
  truncated: z.enum(['kept', 'masked']).default('kept'),
});
export type LossConfig = z.infer<typeof lossSchema>;

/** What is taken from the rubric reward for length. Both off by default. */
export const lengthPenaltySchema = z.object({
  /** DAPO's soft over-long punishment: from 0 to −overlongPenalty over the last so many tokens before maxNewTokens. 0 is off. */
  overlongTokens: z.number().int().min(0).default(0),
  overlongPenalty: z.number().min(0).default(1),
  /** HealthBench Professional: points per 500 characters beyond (a bonus below) the centre. 0 is off; 0.0147 is theirs. */
  per500Characters: z.number().min(0).max(1).default(0),
  centreCharacters: z.number().int().min(0).default(2000),
});
export type LengthPenaltyConfig = z.infer<typeof lengthPenaltySchema>;

export const optimizerSchema = z.object({
  learningRate: z.number().positive().max(1).default(1e-5),
  warmupSteps: z.number().int().min(0).default(0),
  /** After the warm-up, which rises from 0: constant, or falling to 0 at the run's last optimizer step along a line or half a cosine. */
  schedule: z.enum(['constant', 'linear', 'cosine']).default('constant'),
  weightDecay: z.number().min(0).default(0),
  beta1: z.number().min(0).lt(1).default(0.9),
  beta2: z.number().min(0).lt(1).default(0.999),
  eps: z.number().positive().default(1e-8),
  maxGradNorm: z.number().positive().default(1),
  /** Optimizer steps made from the answers of one step. */
  stepsPerRollout: z.number().int().min(1).default(1),
  /** Times that the answers of a step are gone through (TRL's num_iterations). */
  epochsPerRollout: z.number().int().min(1).max(16).default(1),
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

/** Supervised steps before the first rollout, on ideal completions and recorded verdicts. 0 steps: none. */
export const warmStartSchema = z.object({
  steps: z.number().int().min(0).default(0),
  learningRate: z.number().positive().max(1).default(1e-5),
  documentsPerStep: z.number().int().min(1).max(1024).default(16),
  /** Share of documents that are gradings; the rest are answers. */
  gradingShare: z.number().min(0).max(1).default(0.5),
});
export type WarmStartConfig = z.infer<typeof warmStartSchema>;

/** Everything a run depends on besides the model and the data. Plain data: serialisable, comparable, usable on either thread. */
export const recipeSchema = z.object({
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
  rubrics: rubricsSchema.prefault({}),
  lengthPenalty: lengthPenaltySchema.prefault({}),
  /** Groups with equal rewards are dropped and other prompts answered instead, at most so many times a step (DAPO's dynamic sampling). 0 is off. */
  maxRefills: z.number().int().min(0).max(16).default(0),
  warmStart: warmStartSchema.prefault({}),
  /** Held-out prompts answered and graded by the frozen grader during the run. Every 0 steps: never. */
  evaluation: z
    .object({
      every: z.number().int().min(0).default(0),
      prompts: z.number().int().min(1).max(5000).default(16),
      answers: z.number().int().min(1).max(64).default(1),
    })
    .prefault({}),
  /** Cheap checks of the grader on stored items. Every 0 steps: never. */
  probes: z
    .object({ every: z.number().int().min(0).default(0), items: z.number().int().min(1).max(256).default(8) })
    .prefault({}),
  trainable: trainableSchema.prefault({ kind: 'lora' }),
  /** Share of examples set aside by seed when no hard file says which. */
  heldOutShare: z.number().min(0).max(0.9).default(0.1),
  /** Which questions and criteria of the data the run uses, in training and held out alike; applied before the share is set aside. */
  filter: filterSchema.prefault({}),
  /** Save every so many steps; 0 saves only on stop and at the end. */
  checkpointEvery: z.number().int().min(0).default(10),
});
export type Recipe = z.infer<typeof recipeSchema>;
export type RecipeInput = z.input<typeof recipeSchema>;

/**
 * Whether the weights that the run started from are kept beside those in training: full fine-tuning changes every weight, and the frozen grader, the
 * KL reference, evaluation and probes ask the start. An adapter needs no copy, it is switched off.
 */
export const keepsStart = ({ trainable, grader, loss, evaluation, probes }: Recipe): boolean =>
  trainable.kind === 'full' &&
  (grader.kind === 'frozen' || loss.klCoef > 0 || evaluation.every > 0 || probes.every > 0);
