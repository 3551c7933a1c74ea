import { z } from 'zod';
import type { ModelConfig } from '../domain/model';
import type { ModelFamily } from './family';
import { readCommonGguf } from './ggufFields';
import { commonSchema, readCommon, refusedCommon, thetaOf, writeCommon } from './huggingFaceFields';
import { preNormLayer } from './layer';
import { readRopeScaling, ropeSchema, writeRopeScaling } from './ropeFields';

const GELU = 'gelu_pytorch_tanh';
const [GLOBAL, LOCAL] = ['full_attention', 'sliding_attention'];

const schema = commonSchema.extend({
  head_dim: z.number().default(256),
  vocab_size: z.number().default(262_208),
  max_position_embeddings: z.number().default(131_072),
  tie_word_embeddings: z.boolean().default(true),
  hidden_activation: z.string().nullish(),
  query_pre_attn_scalar: z.number().default(256),
  sliding_window: z.number().default(4096),
  sliding_window_pattern: z.number().int().positive().default(6),
  layer_types: z.array(z.string()).nullish(),
  rope_local_base_freq: z.number().nullish(), // transformers 4
  rope_parameters: z.looseObject({ [GLOBAL!]: ropeSchema.nullish(), [LOCAL!]: ropeSchema.nullish() }).nullish(), // 5
  attn_logit_softcapping: z.number().nullish(),
  final_logit_softcapping: z.number().nullish(),
  use_bidirectional_attention: z.boolean().nullish(),
});

/** Gemma team 2025 (arXiv 2503.19786), the text model: four norms, GeGLU, windows in all but every n-th layer. */
export const gemma3: ModelFamily = {
  limits: 'text, dense',
  layer(config, index) {
    const plain = preNormLayer(config);
    const global = isGlobal(config, index);
    return {
      ...plain,
      norms: {
        attention: 'input_layernorm',
        query: 'self_attn.q_norm',
        key: 'self_attn.k_norm',
        attentionOutput: 'post_attention_layernorm',
        feedForward: 'pre_feedforward_layernorm',
        feedForwardOutput: 'post_feedforward_layernorm',
      },
      activation: 'gelu',
      rope: global ? plain.rope : { theta: config.localRopeTheta ?? config.ropeTheta },
      window: global ? null : plain.window,
      attentionScale: 1 / Math.sqrt(config.queryScale ?? config.headSize),
    };
  },
  embeddingScale: ({ channels }) => Math.fround(Math.sqrt(channels)),
  normOffset: 1,
  huggingFace: {
    className: 'Gemma3ForCausalLM',
    modelType: 'gemma3_text',
    read(json, parse) {
      const { rope_parameters: ropes, ...c } = parse(schema, json);
      const common = { ...c, rope_parameters: ropes?.[GLOBAL!] as z.infer<typeof ropeSchema>, hidden_act: 'silu' };
      const local = ropes?.[LOCAL!] as z.infer<typeof ropeSchema>;
      const types = c.layer_types?.slice(0, c.num_hidden_layers);
      const fits = (every: number) => !types || types.every((type, i) => (type === GLOBAL) === ((i + 1) % every === 0));
      const listed = (types?.indexOf(GLOBAL!) ?? -1) + 1 || c.num_hidden_layers + 1; // none: beyond the last layer
      const globalEvery = fits(c.sliding_window_pattern) ? c.sliding_window_pattern : listed;
      return {
        fields: {
          ...readCommon(common),
          ropeTheta: thetaOf(common) ?? 1_000_000,
          window: c.sliding_window,
          globalEvery,
          localRopeTheta: local?.rope_theta ?? c.rope_local_base_freq ?? 10_000,
          ...(c.query_pre_attn_scalar !== c.head_dim && { queryScale: c.query_pre_attn_scalar }),
        },
        refused: [
          ...refusedCommon(common),
          !fits(globalEvery) && 'layer_types without a regular pattern',
          readRopeScaling(local, c.max_position_embeddings).scaling && 'RoPE scaling in layers with a window',
          (c.hidden_activation ?? GELU) !== GELU && `hidden_activation ${c.hidden_activation}`,
          c.attn_logit_softcapping && 'attn_logit_softcapping',
          c.final_logit_softcapping && 'final_logit_softcapping',
          c.use_bidirectional_attention && 'bidirectional attention',
        ].filter((reason) => typeof reason === 'string'),
      };
    },
    write(config) {
      const { hidden_act: _, rope_scaling: __, ...common } = writeCommon(config);
      const layerTypes = Array.from({ length: config.layers }, (_, i) => (isGlobal(config, i) ? GLOBAL : LOCAL));
      return {
        ...common,
        hidden_activation: GELU,
        query_pre_attn_scalar: config.queryScale ?? config.headSize,
        sliding_window: config.window,
        sliding_window_pattern: config.globalEvery,
        layer_types: layerTypes,
        rope_local_base_freq: config.localRopeTheta,
        rope_scaling: writeRopeScaling(config.ropeScaling),
        attn_logit_softcapping: null,
        final_logit_softcapping: null,
      };
    },
  },
  gguf: {
    architecture: 'gemma3',
    interleavedHeads: false,
    endTexts: ['<end_of_turn>', '<eos>'],
    read(metadata) {
      const { fields, refused } = readCommonGguf(metadata);
      const { layers, channels, heads, headSize } = fields;
      // What the file does not say, as llama.cpp has it; the 27B model is the one of 62 layers.
      const queryScale = layers === 62 ? channels / heads : headSize;
      return {
        fields: {
          ...fields,
          ropeTheta: metadata.number('rope.freq_base', 1_000_000),
          window: metadata.number('attention.sliding_window'),
          globalEvery: 6,
          localRopeTheta: metadata.number('rope.freq_base_swa', 10_000),
          ...(queryScale !== headSize && { queryScale }),
        },
        refused: [
          ...refused,
          metadata.number('attn_logit_softcapping', 0) > 0 && 'attn_logit_softcapping',
          metadata.number('final_logit_softcapping', 0) > 0 && 'final_logit_softcapping',
        ].filter((reason) => typeof reason === 'string'),
      };
    },
  },
};

const isGlobal = ({ globalEvery }: ModelConfig, index: number): boolean =>
  globalEvery !== undefined && (index + 1) % globalEvery === 0;
