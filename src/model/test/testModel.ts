import type { ModelConfig } from '../../domain/model';
import { tensorShapes } from '../../families/tensors';
import type { Checkpoint, StoredTensor } from '../../formats/checkpoint';
import { derive, normal } from '../../random';

/** A small random model in memory, in f32. For tests. */
export function randomCheckpoint(change: Partial<ModelConfig> = {}): Checkpoint {
  const config: ModelConfig = {
    architecture: 'qwen3',
    vocabulary: 67,
    channels: 32,
    layers: 2,
    heads: 4,
    keyValueHeads: 2,
    headSize: 16,
    hidden: 48,
    ropeTheta: 10_000,
    rmsNormEps: 1e-6,
    tiedHead: true,
    contextLength: 128,
    endTokens: [0],
    ...change,
  };
  const tensors = [...tensorShapes(config)].map(([name, shape]): [string, StoredTensor] => {
    const size = shape.reduce((a, b) => a * b, 1);
    const seed = derive(7, name);
    const norm = shape.length === 1;
    const data = Float32Array.from({ length: size }, (_, i) => (norm ? 1 : 0) + normal(seed, i) * (norm ? 0.1 : 0.15));
    const bytes = new Uint8Array(data.buffer);
    const read = {
      read: async () => bytes,
      readPart: async (start: number, end: number) => bytes.subarray(start, end),
    };
    return [name, { name, shape, format: 'F32', bytes: bytes.length, ...read }];
  });
  return {
    name: 'random',
    container: 'huggingFace',
    config,
    tensors: new Map(tensors),
    tokenizer: undefined as unknown as Checkpoint['tokenizer'], // no test of the model reads text
  };
}
