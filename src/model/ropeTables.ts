import type { ModelConfig } from '../domain/model';
import { layersOf } from '../families/families';
import type { LayerDescription } from '../families/layer';
import type { Gpu } from '../gpu/gpu';
import type { Tensor } from '../gpu/tensor';
import { ropeTable } from '../kernels/rope';

/** Layers with the same key share a table. */
const keyOf = ({ rope }: LayerDescription): string => JSON.stringify(rope);

/** The rope table (T, D) of each layer. */
export function openRopeTables(gpu: Gpu, config: ModelConfig, T: number) {
  const { headSize: D } = config;
  const tables = new Map<string, Tensor>();
  const byLayer = layersOf(config).map((layer) => {
    const table = tables.get(keyOf(layer)) ?? gpu.tensor('rope table', [T, D], ropeTable(layer.rope.theta, D, T));
    tables.set(keyOf(layer), table);
    return table;
  });
  return {
    byLayer: byLayer as readonly Tensor[],
    release() {
      for (const { buffer } of tables.values()) gpu.release(buffer);
    },
  };
}

export const ropeTableBytes = (config: ModelConfig, T: number): number =>
  4 * T * config.headSize * new Set(layersOf(config).map(keyOf)).size;
