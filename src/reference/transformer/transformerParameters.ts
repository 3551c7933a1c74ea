import type { ModelConfig, Projection } from '../../domain/model';
import { familyOf } from '../../families/families';
import type { LayerDescription } from '../../families/layer';
import { EMBEDDING, FINAL_NORM, HEAD, layerTensors } from '../../families/tensors';
import type { Adapter } from '../lora';

/** Arrays by their Hugging Face names; matrices as (in, out), the embedding and the head as (C, V). */
export type ParameterMap = Map<string, Float64Array>;

/** A model as plain data. Adapters, where there are any, lie among the parameters under PEFT's names. */
export interface ReferenceModel {
  readonly config: ModelConfig;
  /** The layers, where they are not those of the config's family. */
  readonly layers?: readonly LayerDescription[];
  readonly parameters: ParameterMap;
  readonly lora?: { readonly rank: number; readonly alpha: number };
}

export const headName = (config: ModelConfig) => (config.tiedHead ? EMBEDDING : HEAD);

/** What layer `index` computes. */
export const layerOf = ({ config, layers }: ReferenceModel, index: number): LayerDescription =>
  layers?.[index] ?? familyOf(config).layer(config, index);

/** Every array of a model and its size, adapters of `targets` included. */
export function parameterSizes(
  config: ModelConfig,
  lora?: { rank: number; targets: readonly Projection[] },
): Map<string, number> {
  const { vocabulary: V, channels: C } = config;
  const sizes = new Map([[EMBEDDING, C * V]]);
  for (let layer = 0; layer < config.layers; layer++) {
    for (const { part, name, shape } of layerTensors(config, layer)) {
      const [out, inputs = 1] = shape as [number, number?];
      sizes.set(name, out * inputs);
      if (shape.length === 1 || !lora?.targets.some((target) => target === part)) continue;
      sizes.set(adapterName(name, 'A'), inputs * lora.rank);
      sizes.set(adapterName(name, 'B'), lora.rank * out);
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

/** PEFT's name of a factor: `….q_proj.weight` → `….q_proj.lora_A.weight`. */
export const adapterName = (weight: string, factor: 'A' | 'B'): string =>
  weight.replace(/weight$/, `lora_${factor}.weight`);

/** The adapter of a projection, or undefined. */
export function adapterOf({ parameters, lora }: ReferenceModel, weight: string): Adapter | undefined {
  const A = parameters.get(adapterName(weight, 'A'));
  if (!A || !lora) return undefined;
  return { A, B: get(parameters, adapterName(weight, 'B')), R: lora.rank, scale: lora.alpha / lora.rank };
}
