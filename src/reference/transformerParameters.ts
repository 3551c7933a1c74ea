import { hasQkNorm, type ModelConfig, PROJECTIONS, type Projection, projectionSize } from '../domain/model';
import type { Adapter } from './lora';

/** Arrays by their Hugging Face names; matrices as (in, out), the embedding and the head as (C, V). */
export type ParameterMap = Map<string, Float64Array>;

/** A model as plain data. Adapters, where there are any, lie among the parameters under PEFT's names. */
export interface ReferenceModel {
  readonly config: ModelConfig;
  readonly parameters: ParameterMap;
  readonly lora?: { readonly rank: number; readonly alpha: number };
}

export const EMBEDDING = 'model.embed_tokens.weight';
export const FINAL_NORM = 'model.norm.weight';
export const headName = (config: ModelConfig) => (config.tiedHead ? EMBEDDING : 'lm_head.weight');

export type Part = Projection | 'q_norm' | 'k_norm' | 'input_layernorm' | 'post_attention_layernorm';

/** `model.layers.3.self_attn.q_proj`, to which `.weight`, `.lora_A.weight` or `.lora_B.weight` is added. */
export function partName(layer: number, part: Part): string {
  const block = part.endsWith('layernorm') ? '' : /^(gate|up|down)_/.test(part) ? 'mlp.' : 'self_attn.';
  return `model.layers.${layer}.${block}${part}`;
}

/** Every array of a model and its size, adapters of `targets` included. */
export function parameterSizes(
  config: ModelConfig,
  lora?: { rank: number; targets: readonly Projection[] },
): Map<string, number> {
  const { vocabulary: V, channels: C, headSize: D } = config;
  const sizes = new Map([[EMBEDDING, C * V]]);
  for (let layer = 0; layer < config.layers; layer++) {
    const norm = (part: Part, size: number) => sizes.set(`${partName(layer, part)}.weight`, size);
    norm('input_layernorm', C);
    norm('post_attention_layernorm', C);
    if (hasQkNorm(config)) {
      norm('q_norm', D);
      norm('k_norm', D);
    }
    for (const projection of PROJECTIONS) {
      const size = projectionSize(config, projection);
      const name = partName(layer, projection);
      sizes.set(`${name}.weight`, size.in * size.out);
      if (!lora?.targets.includes(projection)) continue;
      sizes.set(`${name}.lora_A.weight`, size.in * lora.rank);
      sizes.set(`${name}.lora_B.weight`, lora.rank * size.out);
    }
  }
  sizes.set(FINAL_NORM, C);
  if (!config.tiedHead) sizes.set(headName(config), C * V);
  return sizes;
}

export function get(parameters: ParameterMap, name: string): Float64Array {
  const values = parameters.get(name);
  if (!values) throw new Error(`the parameter ${name} is missing`);
  return values;
}

/** The adapter of a projection, or undefined. */
export function adapterOf({ parameters, lora }: ReferenceModel, name: string): Adapter | undefined {
  const A = parameters.get(`${name}.lora_A.weight`);
  if (!A || !lora) return undefined;
  return { A, B: get(parameters, `${name}.lora_B.weight`), R: lora.rank, scale: lora.alpha / lora.rank };
}
