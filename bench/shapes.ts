import type { ModelConfig } from '../src/domain/model';
import { PROJECTIONS, type Projection, projectionSize } from '../src/domain/model';
import type { RecipeInput } from '../src/domain/recipe/recipe';
import { layersOf } from '../src/families/families';
import { mapNorms } from '../src/families/layer';
import type { AdapterFacts } from '../src/gpu/device';
import type { Gpu } from '../src/gpu/gpu';
import { zeroWeight } from '../src/kernels/weights/weightUpload';
import type { Formats } from '../src/model/plan';
import type { ModelWeights } from '../src/model/weights';

/** Qwen/Qwen3-0.6B and 1.7B, from their config.json. */
export const QWEN3_06B: ModelConfig = {
  architecture: 'qwen3',
  vocabulary: 151_936,
  channels: 1024,
  layers: 28,
  heads: 16,
  keyValueHeads: 8,
  headSize: 128,
  hidden: 3072,
  ropeTheta: 1e6,
  rmsNormEps: 1e-6,
  tiedHead: true,
  contextLength: 40_960,
  endTokens: [151_645],
};

export const QWEN3_17B: ModelConfig = { ...QWEN3_06B, channels: 2048, hidden: 6144 };

/** What a graphics card of some years ago reports in Chromium: the limits of its common tier, not the card's own. */
export const CARD: AdapterFacts = {
  vendor: 'nvidia',
  architecture: 'ampere',
  description: 'a graphics card',
  software: false,
  f16: true,
  subgroups: true,
  subgroupSize: 32,
  timestamps: false,
  maxBufferBytes: 2 ** 31 - 4,
  maxBindingBytes: 2 ** 31 - 4,
  maxStorageBuffers: 10,
  maxWorkgroupInvocations: 1024,
  maxWorkgroupBytes: 32_768,
};

/** The recipe of issue and README figures: LoRA on all matrices, 512 + 512 tokens, `answers` = P · G. */
export const recipeOf = (answers: number, groupSize = 8): RecipeInput => ({
  promptsPerStep: answers / groupSize,
  groupSize,
  maxPromptTokens: 512,
  sampling: { maxNewTokens: 512 },
  grader: { mode: 'verdict' },
});

/** Weights of zeros in these formats: shapes and sizes without a checkpoint. */
export function zeroWeights(gpu: Gpu, config: ModelConfig, { projections, embedding }: Formats): ModelWeights {
  const { channels: C, headSize: D, vocabulary: V } = config;
  const matrix = (projection: Projection) => {
    const { in: K, out: N } = projectionSize(config, projection);
    return zeroWeight(gpu, projection, { format: projections, K, N });
  };
  const table = () => zeroWeight(gpu, 'embedding', { format: embedding, K: C, N: V });
  const shared = table();
  return {
    config,
    embedding: shared,
    head: config.tiedHead ? shared : table(),
    finalNorm: gpu.tensor('norm', [C]),
    layers: layersOf(config).map((description) => ({
      description,
      norms: mapNorms(description.norms, (_, place) =>
        gpu.tensor(place, [place === 'query' || place === 'key' ? D : C]),
      ),
      projections: Object.fromEntries(
        PROJECTIONS.map((p) => [p, matrix(p)]),
      ) as ModelWeights['layers'][0]['projections'],
      biases: Object.fromEntries(
        description.biases.map((p) => [p, gpu.tensor(`${p} bias`, [projectionSize(config, p).out])]),
      ),
    })),
    formats: [...new Set([projections, embedding])],
    release() {},
  };
}
