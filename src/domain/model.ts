import { z } from 'zod';

const count = z.number().int().positive();

/** Model families with the models that people know them by; families/ says what each computes. */
export const ARCHITECTURES = { llama: 'Llama, SmolLM2', qwen3: 'Qwen3' } as const;
export type Architecture = keyof typeof ARCHITECTURES;

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
