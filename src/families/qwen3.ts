import type { ModelFamily } from './family';
import { readCommonGguf } from './ggufFields';
import { commonSchema, readCommon, refusedCommon, writeCommon } from './huggingFaceFields';
import { preNormLayer } from './layer';

/** Qwen team 2025 (arXiv 2505.09388): Llama's layer with a norm over each query and key head. */
export const qwen3: ModelFamily = {
  limits: 'dense',
  layer(config) {
    const plain = preNormLayer(config);
    return { ...plain, norms: { ...plain.norms, query: 'self_attn.q_norm', key: 'self_attn.k_norm' } };
  },
  huggingFace: {
    className: 'Qwen3ForCausalLM',
    modelType: 'qwen3',
    read(json, parse) {
      const c = parse(commonSchema, json);
      return { fields: { ...readCommon(c), headSize: c.head_dim ?? 128 }, refused: refusedCommon(c) };
    },
    write: (config) => ({ ...writeCommon(config), use_sliding_window: false }),
  },
  gguf: {
    architecture: 'qwen3',
    interleavedHeads: false,
    endTexts: ['<|im_end|>', '<|endoftext|>'],
    read: readCommonGguf,
  },
};
