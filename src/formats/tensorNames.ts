import { hasQkNorm, type ModelConfig, PROJECTIONS, type Projection, projectionSize } from '../domain/model';

/** Name of a projection's weight in Hugging Face checkpoints. */
export const projectionName = (layer: number, projection: Projection): string =>
  `model.layers.${layer}.${/^(q|k|v|o)_/.test(projection) ? 'self_attn' : 'mlp'}.${projection}.weight`;

/** Every tensor that a checkpoint of this config has, by its Hugging Face name, with its shape: (out, in) for matrices, (n) for norms. */
export function tensorShapes(config: ModelConfig): Map<string, readonly number[]> {
  const { vocabulary, channels, layers, headSize, tiedHead } = config;
  const shapes = new Map<string, readonly number[]>([['model.embed_tokens.weight', [vocabulary, channels]]]);
  for (let layer = 0; layer < layers; layer++) {
    const prefix = `model.layers.${layer}`;
    shapes.set(`${prefix}.input_layernorm.weight`, [channels]);
    shapes.set(`${prefix}.post_attention_layernorm.weight`, [channels]);
    for (const projection of PROJECTIONS) {
      const size = projectionSize(config, projection);
      shapes.set(projectionName(layer, projection), [size.out, size.in]);
    }
    if (hasQkNorm(config)) {
      shapes.set(`${prefix}.self_attn.q_norm.weight`, [headSize]);
      shapes.set(`${prefix}.self_attn.k_norm.weight`, [headSize]);
    }
  }
  shapes.set('model.norm.weight', [channels]);
  if (!tiedHead) shapes.set('lm_head.weight', [vocabulary, channels]);
  return shapes;
}
