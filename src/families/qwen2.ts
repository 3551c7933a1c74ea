import type { ModelFamily } from './family';
import { readCommonGguf } from './ggufFields';
import { commonSchema, readCommon, refusedCommon, writeCommon } from './huggingFaceFields';
import { preNormLayer } from './layer';

/** Qwen team 2024 (arXiv 2407.10671, 2412.15115): Llama's layer with biases on queries, keys and values. */
export const qwen2: ModelFamily = {
  limits: 'dense',
  layer: (config) => ({ ...preNormLayer(config), biases: ['q_proj', 'k_proj', 'v_proj'] }),
  huggingFace: {
    className: 'Qwen2ForCausalLM',
    modelType: 'qwen2',
    read(json, parse) {
      const c = parse(commonSchema, json);
      return { fields: readCommon(c), refused: refusedCommon(c) };
    },
    write(config) {
      const { attention_bias: _, ...common } = writeCommon(config);
      return { ...common, use_sliding_window: false };
    },
  },
  gguf: {
    architecture: 'qwen2',
    interleavedHeads: false,
    endTexts: ['<|im_end|>', '<|endoftext|>'],
    read: readCommonGguf,
  },
};
