import { z } from 'zod';
import { type ModelConfig, modelConfigSchema } from '../domain/model';
import { FormatError } from './formatError';
import { parseFile } from './parseFile';

const ids = z
  .union([z.number().int(), z.array(z.number().int())])
  .nullish()
  .transform((value) => (value == null ? [] : [value].flat()));

const ropeSchema = z.looseObject({
  rope_theta: z.number().nullish(),
  rope_type: z.string().nullish(),
  type: z.string().nullish(),
});

/** The fields of config.json that decide what the model computes. Defaults are those of transformers. */
const configSchema = z.looseObject({
  architectures: z.array(z.string()).nullish(),
  model_type: z.string().nullish(),
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
  eos_token_id: ids,
});

const generationSchema = z.looseObject({ eos_token_id: ids });

const ARCHITECTURES: Record<string, ModelConfig['architecture']> = {
  LlamaForCausalLM: 'llama',
  Qwen3ForCausalLM: 'qwen3',
  llama: 'llama',
  qwen3: 'qwen3',
};

/**
 * config.json and, for the ids that end a completion, generation_config.json → ModelConfig. Refuses by name whatever would be computed
 * differently here.
 */
export function readHuggingFaceConfig(config: unknown, generationConfig: unknown = {}): ModelConfig {
  const c = parseFile(configSchema, config, 'config.json');
  const generation = parseFile(generationSchema, generationConfig ?? {}, 'generation_config.json');
  const named = c.architectures?.[0] ?? c.model_type ?? 'none';
  const architecture = ARCHITECTURES[named];
  if (!architecture) {
    throw new FormatError(
      `config.json says architecture ${named}, which is not supported`,
      'Supported are LlamaForCausalLM (SmolLM2, Llama without RoPE scaling) and Qwen3ForCausalLM (dense).',
    );
  }
  const ropeType = (rope: z.infer<typeof ropeSchema> | null | undefined) => rope?.rope_type ?? rope?.type ?? 'default';
  const refused = [
    ropeType(c.rope_scaling) !== 'default' && `RoPE scaling of type ${ropeType(c.rope_scaling)}`,
    ropeType(c.rope_parameters) !== 'default' && `RoPE scaling of type ${ropeType(c.rope_parameters)}`,
    c.attention_bias && 'attention_bias',
    c.mlp_bias && 'mlp_bias',
    c.hidden_act !== 'silu' && `hidden_act ${c.hidden_act}`,
    (c.partial_rotary_factor ?? 1) !== 1 && 'partial_rotary_factor',
    c.use_sliding_window && 'a sliding attention window',
    c.quantization_config != null && 'quantization_config (weights quantised for another engine)',
  ].filter((reason) => typeof reason === 'string');
  if (refused.length > 0) {
    throw new FormatError(
      `config.json asks for ${refused.join(' and ')}, which is not supported`,
      'Choose a model without it; for smaller weights use a GGUF file in Q8_0, Q4_0 or Q4_1.',
    );
  }
  const ends = new Set([...generation.eos_token_id, ...c.eos_token_id]);
  return parseFile(
    modelConfigSchema,
    {
      architecture,
      vocabulary: c.vocab_size,
      channels: c.hidden_size,
      layers: c.num_hidden_layers,
      heads: c.num_attention_heads,
      keyValueHeads: c.num_key_value_heads ?? c.num_attention_heads,
      headSize: c.head_dim ?? (architecture === 'qwen3' ? 128 : c.hidden_size / c.num_attention_heads),
      hidden: c.intermediate_size,
      ropeTheta: c.rope_parameters?.rope_theta ?? c.rope_theta ?? 10_000,
      rmsNormEps: c.rms_norm_eps,
      tiedHead: c.tie_word_embeddings,
      contextLength: c.max_position_embeddings,
      endTokens: [...ends].sort((a, b) => a - b),
    },
    'config.json',
  );
}

/** The config.json of a model, readable by transformers 4 and 5. `dtype` is the type of the weights beside it. */
export function writeHuggingFaceConfig(config: ModelConfig, dtype: 'float32' | 'bfloat16'): Record<string, unknown> {
  const qwen3 = config.architecture === 'qwen3';
  return {
    architectures: [qwen3 ? 'Qwen3ForCausalLM' : 'LlamaForCausalLM'],
    model_type: config.architecture,
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
    rope_scaling: null,
    tie_word_embeddings: config.tiedHead,
    hidden_act: 'silu',
    attention_bias: false,
    ...(qwen3 ? { use_sliding_window: false } : { mlp_bias: false }),
    torch_dtype: dtype,
    ...(config.endTokens.length > 0 ? { eos_token_id: endTokenField(config) } : {}),
  };
}

export const writeGenerationConfig = (config: ModelConfig): Record<string, unknown> =>
  config.endTokens.length > 0 ? { eos_token_id: endTokenField(config) } : {};

const endTokenField = ({ endTokens }: ModelConfig): number | number[] =>
  endTokens.length === 1 ? endTokens[0]! : endTokens;
