import { z } from 'zod';
import type { ModelConfig } from '../domain/model';
import type { HuggingFaceFields } from './family';
import { readRopeScaling, ropeSchema, writeRopeScaling } from './ropeFields';

/**
 * The fields of config.json that decide what the model computes, as most families have them. Defaults are those of
 * transformers.
 */
export const commonSchema = z.looseObject({
  vocab_size: z.number(),
  hidden_size: z.number(),
  intermediate_size: z.number(),
  num_hidden_layers: z.number(),
  num_attention_heads: z.number(),
  num_key_value_heads: z.number().nullish(),
  head_dim: z.number().nullish(),
  max_position_embeddings: z.number().default(2048),
  rms_norm_eps: z.number().default(1e-6),
  tie_word_embeddings: z.boolean().default(false),
  rope_theta: z.number().nullish(), // transformers 4
  rope_scaling: ropeSchema.nullish(), // transformers 4
  rope_parameters: ropeSchema.nullish(), // transformers 5
  attention_bias: z.boolean().nullish(),
  mlp_bias: z.boolean().nullish(),
  hidden_act: z.string().default('silu'),
  partial_rotary_factor: z.number().nullish(),
  use_sliding_window: z.boolean().nullish(),
  quantization_config: z.unknown().optional(),
});

type Common = z.infer<typeof commonSchema>;

const scalingOf = (c: Common) => readRopeScaling(c.rope_scaling ?? c.rope_parameters, c.max_position_embeddings);

export const readCommon = (c: Common): HuggingFaceFields => ({
  vocabulary: c.vocab_size,
  channels: c.hidden_size,
  layers: c.num_hidden_layers,
  heads: c.num_attention_heads,
  keyValueHeads: c.num_key_value_heads ?? c.num_attention_heads,
  headSize: c.head_dim ?? c.hidden_size / c.num_attention_heads,
  hidden: c.intermediate_size,
  ropeTheta: thetaOf(c) ?? 10_000,
  rmsNormEps: c.rms_norm_eps,
  tiedHead: c.tie_word_embeddings,
  contextLength: c.max_position_embeddings,
  ...(scalingOf(c).scaling && { ropeScaling: scalingOf(c).scaling }),
});

/** Undefined where the family's own default holds. */
export const thetaOf = (c: Common): number | undefined => c.rope_parameters?.rope_theta ?? c.rope_theta ?? undefined;

/** What of config.json the kernels don’t compute. */
export function refusedCommon(c: Common): string[] {
  return [
    scalingOf(c).refused,
    c.attention_bias && 'attention_bias',
    c.mlp_bias && 'mlp_bias',
    c.hidden_act !== 'silu' && `hidden_act ${c.hidden_act}`,
    (c.partial_rotary_factor ?? 1) !== 1 && 'partial_rotary_factor',
    c.use_sliding_window && 'a sliding attention window',
    c.quantization_config != null && 'quantization_config (weights quantised for another engine)',
  ].filter((reason) => typeof reason === 'string');
}

export const writeCommon = (config: ModelConfig): Record<string, unknown> => ({
  vocab_size: config.vocabulary,
  hidden_size: config.channels,
  intermediate_size: config.hidden,
  num_hidden_layers: config.layers,
  num_attention_heads: config.heads,
  num_key_value_heads: config.keyValueHeads,
  head_dim: config.headSize,
  max_position_embeddings: config.contextLength,
  rms_norm_eps: config.rmsNormEps,
  rope_theta: config.ropeTheta,
  rope_scaling: writeRopeScaling(config.ropeScaling),
  tie_word_embeddings: config.tiedHead,
  hidden_act: 'silu',
  attention_bias: false,
});
