import { z } from 'zod';
import type { ModelFamily } from './family';
import { readCommonGguf } from './ggufFields';
import { commonSchema, readCommon, refusedCommon, thetaOf, writeCommon } from './huggingFaceFields';
import { preNormLayer } from './layer';

const schema = commonSchema.extend({
  no_rope_layers: z.array(z.number()).nullish(), // 1 where a layer has RoPE
  no_rope_layer_interval: z.number().int().positive().default(4),
  max_position_embeddings: z.number().default(32_768),
  tie_word_embeddings: z.boolean().default(true),
});

/** As Hugging Face published it in 2025: Llama's layer, without RoPE in every fourth layer (arXiv 2501.18795). */
export const smollm3: ModelFamily = {
  limits: 'dense',
  layer(config, index) {
    const plain = preNormLayer(config);
    return config.noRopeEvery && (index + 1) % config.noRopeEvery === 0 ? { ...plain, rope: null } : plain;
  },
  huggingFace: {
    className: 'SmolLM3ForCausalLM',
    modelType: 'smollm3',
    read(json, parse) {
      const c = parse(schema, json);
      const listed = c.no_rope_layers?.slice(0, c.num_hidden_layers);
      const fits = (every: number) =>
        !listed || listed.every((has, i) => (has === 0) === (every > 0 && (i + 1) % every === 0));
      const interval = c.no_rope_layer_interval;
      const every = fits(interval) ? interval : listed!.indexOf(0) + 1; // 0: every layer has RoPE
      return {
        fields: { ...readCommon(c), ropeTheta: thetaOf(c) ?? 2_000_000, ...(every > 0 && { noRopeEvery: every }) },
        refused: [...refusedCommon(c), ...(fits(every) ? [] : ['layers without RoPE at irregular places'])],
      };
    },
    write: (config) => ({
      ...writeCommon(config),
      mlp_bias: false,
      use_sliding_window: false,
      no_rope_layers: Array.from({ length: config.layers }, (_, i) =>
        Number(!config.noRopeEvery || (i + 1) % config.noRopeEvery !== 0),
      ),
      ...(config.noRopeEvery && { no_rope_layer_interval: config.noRopeEvery }),
    }),
  },
  gguf: {
    architecture: 'smollm3',
    interleavedHeads: true,
    endTexts: ['<|im_end|>', '<|end_of_text|>', '<|eot_id|>'],
    read(metadata) {
      const { fields, refused } = readCommonGguf(metadata);
      return { fields: { ...fields, noRopeEvery: 4 }, refused }; // llama.cpp has no field for it
    },
  },
};
