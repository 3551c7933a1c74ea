import type { Projection } from '../domain/model';
import type { GgufFields, GgufMetadata, Reading } from './family';
import type { NormPlace } from './layer';
import { readGgufRopeScaling } from './ropeFields';

/** llama.cpp’s names within `blk.N.`; it calls a part of the layer the same in every family. */
export const GGUF_PARTS: Readonly<Record<Projection | NormPlace, string>> = {
  attention: 'attn_norm',
  q_proj: 'attn_q',
  k_proj: 'attn_k',
  v_proj: 'attn_v',
  o_proj: 'attn_output',
  query: 'attn_q_norm',
  key: 'attn_k_norm',
  attentionOutput: 'post_attention_norm',
  feedForward: 'ffn_norm',
  feedForwardOutput: 'post_ffw_norm',
  gate_proj: 'ffn_gate',
  up_proj: 'ffn_up',
  down_proj: 'ffn_down',
};

/** The metadata as most families have them. */
export function readCommonGguf(m: GgufMetadata): Reading<GgufFields> {
  const channels = m.number('embedding_length');
  const heads = m.number('attention.head_count');
  const headSize = m.number('attention.key_length', channels / heads);
  const ropeTheta = m.number('rope.freq_base', 10_000);
  const { scaling, refused } = readGgufRopeScaling(m, ropeTheta, headSize);
  return {
    fields: {
      channels,
      layers: m.number('block_count'),
      heads,
      keyValueHeads: m.number('attention.head_count_kv', heads),
      headSize,
      hidden: m.number('feed_forward_length'),
      ropeTheta,
      rmsNormEps: decimal(m.number('attention.layer_norm_rms_epsilon')),
      contextLength: m.number('context_length'),
      ...(scaling && { ropeScaling: scaling }),
    },
    refused: [
      refused,
      m.number('expert_count', 0) > 0 && 'a mixture of experts',
      m.number('attention.value_length', headSize) !== headSize && 'value heads of another size than key heads',
      m.number('rope.dimension_count', headSize) !== headSize && 'RoPE over a part of each head',
    ].filter((reason) => typeof reason === 'string'),
  };
}

/** 1e-5 was stored as f32; its shortest decimal is what the config said. */
const decimal = (value: number): number => Number(value.toPrecision(7));
