import { z } from 'zod';
import type { ModelFamily } from './family';
import { readCommonGguf } from './ggufFields';
import { commonSchema, readCommon, refusedCommon, writeCommon } from './huggingFaceFields';
import { preNormLayer } from './layer';

const schema = commonSchema.extend({
  max_position_embeddings: z.number().default(131_072),
  sliding_window: z.number().nullish().default(4096),
  num_key_value_heads: z.number().nullish().default(8),
});

/** Jiang et al. 2023 (arXiv 2310.06825): Llama's layer, with a sliding attention window where the config has one. */
export const mistral: ModelFamily = {
  limits: 'dense',
  layer: preNormLayer,
  huggingFace: {
    className: 'MistralForCausalLM',
    modelType: 'mistral',
    read(json, parse) {
      const c = parse(schema, json);
      const mixed = Array.isArray(c.layer_types) && new Set(c.layer_types).size > 1;
      const window = c.sliding_window ?? null;
      return {
        fields: { ...readCommon(c), ...(window !== null && { window }) },
        refused: [...refusedCommon(c), ...(mixed ? ['windows in some layers only (layer_types)'] : [])],
      };
    },
    write: (config) => ({ ...writeCommon(config), sliding_window: config.window ?? null }),
  },
  gguf: {
    // llama.cpp's converter writes Mistral as Llama; its window is then lost, as it is in llama.cpp.
    architecture: 'llama',
    interleavedHeads: true,
    endTexts: ['</s>', '<|im_end|>'],
    read: readCommonGguf,
  },
};
