import { ARCHITECTURES, type Architecture, type ModelConfig } from '../domain/model';
import type { ModelFamily } from './family';
import { gemma3 } from './gemma3';
import type { LayerDescription } from './layer';
import { llama } from './llama';
import { mistral } from './mistral';
import { qwen2 } from './qwen2';
import { qwen3 } from './qwen3';
import { smollm3 } from './smollm3';

export const FAMILIES: Readonly<Record<Architecture, ModelFamily>> = { llama, gemma3, mistral, qwen2, qwen3, smollm3 };

export const familyOf = ({ architecture }: ModelConfig): ModelFamily => FAMILIES[architecture];

/** The layers of a model, from the embedding up. */
export const layersOf = (config: ModelConfig): LayerDescription[] =>
  Array.from({ length: config.layers }, (_, index) => familyOf(config).layer(config, index));

/** Factor of a model's embedding. */
export const embeddingScale = (config: ModelConfig): number => familyOf(config).embeddingScale?.(config) ?? 1;

/** The sizes of sliding windows that layers have, each once. */
export const windowsOf = (layers: readonly Pick<LayerDescription, 'window'>[]): number[] => [
  ...new Set(layers.flatMap(({ window }) => window ?? [])),
];

/** The first architecture whose family fits. */
export const findArchitecture = (fits: (family: ModelFamily) => boolean): Architecture | undefined =>
  (Object.keys(FAMILIES) as Architecture[]).find((architecture) => fits(FAMILIES[architecture]));

/**
 * "Supported are LlamaForCausalLM (Llama, SmolLM2, dense), … and …", with the name that `nameOf` takes from
 * a family.
 */
export function supportedFamilies(nameOf: (family: ModelFamily) => string): string {
  const names = Object.entries(FAMILIES).map(
    ([architecture, family]) => `${nameOf(family)} (${ARCHITECTURES[architecture as Architecture]}, ${family.limits})`,
  );
  return `Supported are ${names.slice(0, -1).join(', ')} and ${names.at(-1)}.`;
}
