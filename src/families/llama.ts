import type { ModelFamily } from './family';
import { readCommonGguf } from './ggufFields';
import { commonSchema, readCommon, refusedCommon, writeCommon } from './huggingFaceFields';
import { preNormLayer } from './layer';

/** Touvron et al. 2023 (arXiv 2302.13971), and SmolLM2, which is laid out the same. */
export const llama: ModelFamily = {
  limits: 'dense',
  layer: preNormLayer,
  huggingFace: {
    className: 'LlamaForCausalLM',
    modelType: 'llama',
    read(json, parse) {
      const c = parse(commonSchema, json);
      return { fields: readCommon(c), refused: refusedCommon(c) };
    },
    write: (config) => ({ ...writeCommon(config), mlp_bias: false }),
  },
  gguf: {
    architecture: 'llama',
    interleavedHeads: true,
    endTexts: ['<|im_end|>', '<|endoftext|>', '<|eot_id|>', '<|end_of_text|>', '<|eom_id|>'],
    read: readCommonGguf,
  },
};
