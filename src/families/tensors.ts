import { type ModelConfig, PROJECTIONS, type Projection, projectionSize } from '../domain/model';
import { familyOf, layersOf } from './families';
import { type NormPlace, normEntries } from './layer';

export const EMBEDDING = 'model.embed_tokens.weight';
export const FINAL_NORM = 'model.norm.weight';
export const HEAD = 'lm_head.weight';

/** Name of a projection's weight in Hugging Face checkpoints, the same in every family. */
export const projectionName = (layer: number, projection: Projection): string =>
  nameInLayer(layer, `${/^(q|k|v|o)_/.test(projection) ? 'self_attn' : 'mlp'}.${projection}`);

/** Name of a projection's bias, where it has one. */
export const biasName = (layer: number, projection: Projection): string =>
  projectionName(layer, projection).replace(/weight$/, 'bias');

/** `self_attn.q_norm` of layer 3 → `model.layers.3.self_attn.q_norm.weight`. */
export const nameInLayer = (layer: number, path: string): string => `model.layers.${layer}.${path}.weight`;

/** A tensor of a layer: its Hugging Face name, and its shape, (out, in) for matrices and (n) for norms and biases. */
export interface LayerTensor {
  readonly part: Projection | NormPlace;
  readonly name: string;
  readonly shape: readonly number[];
}

/** Every tensor of a layer: the projections, then the norms, then the biases. */
export function layerTensors(config: ModelConfig, layer: number): LayerTensor[] {
  const { norms, biases } = familyOf(config).layer(config, layer);
  return [
    ...PROJECTIONS.map((part) => {
      const size = projectionSize(config, part);
      return { part, name: projectionName(layer, part), shape: [size.out, size.in] };
    }),
    ...normEntries(norms).map(([part, path]) => ({
      part,
      name: nameInLayer(layer, path),
      shape: [normSize(config, part)],
    })),
    ...biases.map((part) => ({ part, name: biasName(layer, part), shape: [projectionSize(config, part).out] })),
  ];
}

const normSize = ({ channels, headSize }: ModelConfig, place: NormPlace): number =>
  place === 'query' || place === 'key' ? headSize : channels;

/**
 * Every tensor that a checkpoint of this config has, by its Hugging Face name, with its shape: (out, in) for matrices,
 * (n) for norms and biases.
 */
export function tensorShapes(config: ModelConfig): Map<string, readonly number[]> {
  const { vocabulary, channels, layers, tiedHead } = config;
  const shapes = new Map<string, readonly number[]>([[EMBEDDING, [vocabulary, channels]]]);
  for (let layer = 0; layer < layers; layer++) {
    for (const { name, shape } of layerTensors(config, layer)) shapes.set(name, shape);
  }
  shapes.set(FINAL_NORM, [channels]);
  if (!tiedHead) shapes.set(HEAD, [vocabulary, channels]);
  return shapes;
}

/** Number of parameters, head counted once when tied. */
export const parameterCount = (config: ModelConfig): number =>
  [...tensorShapes(config).values()].reduce((sum, shape) => sum + shape.reduce((a, b) => a * b), 0);

/** Whether a layer normalises what its branches add. */
export const hasOutputNorms = (config: ModelConfig): boolean =>
  layersOf(config).some(({ norms }) => norms.attentionOutput || norms.feedForwardOutput);

/** Whether a layer normalises its query and key heads. */
export const hasHeadNorms = (config: ModelConfig): boolean => layersOf(config).some(({ norms }) => norms.query);
