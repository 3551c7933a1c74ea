import type { ModelConfig } from '../domain/model';
import { layersOf } from '../families/families';
import type { LayerDescription } from '../families/layer';
import { type Rope, ropeFrequencies } from '../families/rope';
import type { Gpu } from '../gpu/gpu';
import type { Tensor } from '../gpu/tensor';
import { ropeTable } from '../kernels/rope';

/** One for each rope, by a key that equal ones share. */
const distinct = (layers: readonly LayerDescription[]): Map<string, Rope> =>
  new Map(layers.flatMap(({ rope }) => (rope ? [[keyOf(rope), rope]] : [])));

const keyOf = (rope: Rope): string => JSON.stringify(rope);

/** The rope table (T, D) of each layer, null where a layer has no RoPE; layers with equal ropes share a table. */
export function openRopeTables(gpu: Gpu, layers: readonly LayerDescription[], { headSize: D }: ModelConfig, T: number) {
  const tables = new Map<string, Tensor>();
  for (const [key, rope] of distinct(layers)) {
    const { frequencies, scale } = ropeFrequencies(rope, D);
    tables.set(key, gpu.tensor(`rope table ${key}`, [T, D], ropeTable(frequencies, T, scale)));
  }
  return {
    byLayer: layers.map(({ rope }) => rope && tables.get(keyOf(rope))!) as readonly (Tensor | null)[],
    release() {
      for (const { buffer } of tables.values()) gpu.release(buffer);
    },
  };
}

export const ropeTableBytes = (config: ModelConfig, T: number): number =>
  4 * T * config.headSize * distinct(layersOf(config)).size;
