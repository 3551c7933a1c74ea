import type { ModelConfig } from '../../src/domain/model';
import { tensorShapes } from '../../src/families/tensors';
import type { Checkpoint } from '../../src/formats/checkpoint';
import { elements } from '../../src/formats/tensorFormat';
import { derive, normal } from '../../src/random';
import { tinyTokenizerFiles } from './encode';

/** The built-in model. */
export const TINY: ModelConfig = {
  architecture: 'qwen3',
  vocabulary: 1024,
  channels: 128,
  layers: 4,
  heads: 4,
  keyValueHeads: 4,
  headSize: 32,
  hidden: 512,
  ropeTheta: 10_000,
  rmsNormEps: 1e-6,
  tiedHead: true,
  contextLength: 2048,
  endTokens: [0],
};

/**
 * Weights before training: a function of the seed. Norms are 1, matrices preserve the scale of their input, additions
 * to the residual stream are small.
 */
export function initialCheckpoint(config: ModelConfig, seed: number): Checkpoint {
  const tensors = [...tensorShapes(config)].map(([name, shape]) => {
    const count = elements(shape);
    const read = async () => {
      const spread = spreadOf(name, shape, config);
      const own = derive(seed, name);
      const values =
        spread === null
          ? new Float32Array(count).fill(1)
          : Float32Array.from({ length: count }, (_, i) => spread * normal(own, i));
      return new Uint8Array(values.buffer);
    };
    const readPart = async (start: number, end: number) => (await read()).subarray(start, end);
    return [name, { name, shape, format: 'F32' as const, bytes: 4 * count, read, readPart }] as const;
  });
  return { name: 'tiny', container: 'huggingFace', config, tensors: new Map(tensors), tokenizer: tinyTokenizerFiles() };
}

/** Standard deviation of a matrix's first values; null for norms. */
function spreadOf(name: string, shape: readonly number[], config: ModelConfig): number | null {
  if (shape.length === 1) return null;
  if (name.includes('embed_tokens')) return 0.02;
  const preserving = 1 / Math.sqrt(shape[1]!);
  return /o_proj|down_proj/.test(name) ? preserving / Math.sqrt(2 * config.layers) : preserving;
}
