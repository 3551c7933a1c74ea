import { z } from 'zod';

const count = z.number().int().positive();
const positive = z.number().positive();

/** Model families with the models that people know them by; families/ says what each computes. */
export const ARCHITECTURES = {
  llama: 'Llama, SmolLM2',
  gemma3: 'Gemma 3',
  mistral: 'Mistral',
  qwen2: 'Qwen2, Qwen2.5',
  qwen3: 'Qwen3',
  smollm3: 'SmolLM3',
} as const;
export type Architecture = keyof typeof ARCHITECTURES;

/**
 * How RoPE's frequencies are changed for contexts longer than those of pretraining. linear: all divided by the factor.
 * llama3: those whose wavelength is above originalContext / lowFactor are divided, those below originalContext /
 * highFactor are not, between them the two are mixed. yarn (Peng et al. 2023, arXiv 2309.00071): pairs that turn fewer
 * than betaSlow times in the original context are divided, those above betaFast are not, a ramp lies between them, and
 * cosines and sines are multiplied by attentionFactor.
 */
const ropeScalingSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('linear'), factor: positive }),
  z.object({
    type: z.literal('llama3'),
    factor: positive,
    lowFactor: positive,
    highFactor: positive,
    originalContext: positive,
  }),
  z.object({
    type: z.literal('yarn'),
    factor: positive,
    originalContext: positive,
    betaFast: positive,
    betaSlow: positive,
    attentionFactor: positive,
    /** The ends of the ramp are whole pairs. */
    truncate: z.boolean(),
  }),
]);
export type RopeScaling = z.infer<typeof ropeScalingSchema>;

/**
 * The sizes of a decoder-only transformer with RMSNorm, RoPE and grouped-query attention; its family (families/) says
 * what a layer computes. Letters are those of CONTRIBUTING.md. formats/huggingFaceConfig.ts and formats/gguf.ts make
 * one from a checkpoint.
 */
const modelFields = z.object({
  architecture: z.enum(Object.keys(ARCHITECTURES) as Architecture[]),
  vocabulary: count, // V
  channels: count, // C
  layers: count.max(1000), // L
  heads: count, // H query heads
  keyValueHeads: count, // K
  headSize: count, // D
  hidden: count, // F of the feed-forward
  ropeTheta: z.number().positive(),
  rmsNormEps: z.number().positive(),
  /** The output head is the embedding matrix. */
  tiedHead: z.boolean(),
  /** Longest sequence the checkpoint was made for, in tokens. */
  contextLength: count,
  /** Ids that end a completion. */
  endTokens: z.array(z.number().int().nonnegative()),
  // Optional, and absent where a model does not have them: saved runs find their model by a hash of the config.
  ropeScaling: ropeScalingSchema.optional(),
  /** Tokens that a position attends to, itself included, in layers with a sliding window. */
  window: count.optional(),
  /** Every n-th layer has no window and turns by ropeTheta, the others by localRopeTheta (Gemma 3). */
  globalEvery: count.optional(),
  localRopeTheta: positive.optional(),
  /** Scores are divided by its root; the head size where it is absent. */
  queryScale: positive.optional(),
  /** Every n-th layer encodes no positions (SmolLM3). */
  noRopeEvery: count.optional(),
});

/** The same, with what the kernels ask of it. */
export const modelConfigSchema = modelFields
  .refine(({ heads, keyValueHeads }) => heads % keyValueHeads === 0, {
    path: ['keyValueHeads'],
    error: 'must divide the number of query heads',
  })
  .refine(({ headSize }) => headSize % 4 === 0 && headSize <= 256, {
    path: ['headSize'],
    error: 'must be a multiple of 4 up to 256',
  });

export type ModelConfig = z.infer<typeof modelConfigSchema>;

/** Names of the seven projections of a layer, as in Hugging Face checkpoints. */
export const PROJECTIONS = ['q_proj', 'k_proj', 'v_proj', 'o_proj', 'gate_proj', 'up_proj', 'down_proj'] as const;
export type Projection = (typeof PROJECTIONS)[number];

/** Input and output size of a projection: y (N, out) = x (N, in) · W (in, out). */
export function projectionSize(config: ModelConfig, projection: Projection): { in: number; out: number } {
  const { channels, heads, keyValueHeads, headSize, hidden } = config;
  switch (projection) {
    case 'q_proj':
      return { in: channels, out: heads * headSize };
    case 'k_proj':
    case 'v_proj':
      return { in: channels, out: keyValueHeads * headSize };
    case 'o_proj':
      return { in: heads * headSize, out: channels };
    case 'gate_proj':
    case 'up_proj':
      return { in: channels, out: hidden };
    case 'down_proj':
      return { in: hidden, out: channels };
  }
}
