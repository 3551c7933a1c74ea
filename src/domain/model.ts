import { z } from 'zod';

const count = z.number().int().positive();

/**
 * A decoder-only, pre-norm transformer: RMSNorm, RoPE, grouped-query attention, SwiGLU (Llama, SmolLM2), with q/k norms for Qwen3.
 * Letters are those of CONTRIBUTING.md. formats/huggingFaceConfig.ts and formats/gguf.ts make one from a checkpoint.
 */
const modelFields = z.object({
  architecture: z.enum(['llama', 'qwen3']),
  vocabulary: count, // V
  channels: count, // C
  layers: count, // L
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

/** Qwen3 normalises each query and key head before RoPE. */
export const hasQkNorm = (config: ModelConfig): boolean => config.architecture === 'qwen3';

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

/** Number of parameters, head counted once when tied. */
export function parameterCount(config: ModelConfig): number {
  const { vocabulary, channels, layers, headSize, tiedHead } = config;
  const linear = PROJECTIONS.reduce((sum, p) => sum + projectionSize(config, p).in * projectionSize(config, p).out, 0);
  const norms = 2 * channels + (hasQkNorm(config) ? 2 * headSize : 0);
  return layers * (linear + norms) + channels + vocabulary * channels * (tiedHead ? 1 : 2);
}
