import { expect, it } from 'vitest';
import { ARCHITECTURES, type ModelConfig } from '../domain/model';
import { tinyConfig } from '../formats/test/testModel';
import { FAMILIES, findArchitecture, layersOf, supportedFamilies } from './families';
import { hasHeadNorms, layerTensors, parameterCount, tensorShapes } from './tensors';

const config = (change: Partial<ModelConfig>): ModelConfig => tinyConfig({ channels: 32, ...change });

it('finds a family by its names, and none by what every object has', () => {
  for (const [architecture, { huggingFace, gguf }] of Object.entries(FAMILIES)) {
    expect(findArchitecture((family) => family.huggingFace.className === huggingFace.className)).toBe(architecture);
    expect(findArchitecture((family) => family.huggingFace.modelType === huggingFace.modelType)).toBe(architecture);
    expect(findArchitecture((family) => family.gguf.architecture === gguf.architecture)).toBe(architecture);
  }
  expect(findArchitecture((family) => family.huggingFace.className === 'constructor')).toBeUndefined();
});

it('lists what is supported with the models that people know', () => {
  const text = supportedFamilies(({ gguf }) => gguf.architecture);
  expect(text).toBe('Supported are llama (Llama, SmolLM2, without RoPE scaling) and qwen3 (Qwen3, dense).');
  for (const models of Object.values(ARCHITECTURES)) expect(text).toContain(models);
});

it('names each tensor once, with the norms where the family has them', () => {
  const names = (architecture: ModelConfig['architecture']) =>
    layerTensors(config({ architecture }), 1).filter(({ shape }) => shape.length === 1);
  expect(names('llama')).toEqual([
    { part: 'attention', name: 'model.layers.1.input_layernorm.weight', shape: [32] },
    { part: 'feedForward', name: 'model.layers.1.post_attention_layernorm.weight', shape: [32] },
  ]);
  expect(names('qwen3').slice(2)).toEqual([
    { part: 'query', name: 'model.layers.1.self_attn.q_norm.weight', shape: [16] },
    { part: 'key', name: 'model.layers.1.self_attn.k_norm.weight', shape: [16] },
  ]);
  expect(hasHeadNorms(config({ architecture: 'llama' }))).toBe(false);
  expect(hasHeadNorms(config({ architecture: 'qwen3' }))).toBe(true);
});

it('counts the parameters of SmolLM2-135M, and a tied head once', () => {
  const smollm2 = config({
    architecture: 'llama',
    vocabulary: 49_152,
    channels: 576,
    layers: 30,
    heads: 9,
    keyValueHeads: 3,
    headSize: 64,
    hidden: 1536,
  });
  expect(parameterCount(smollm2)).toBe(134_515_008); // as transformers counts them
  expect(parameterCount({ ...smollm2, tiedHead: false })).toBe(134_515_008 + 49_152 * 576);
  expect(tensorShapes(smollm2).has('lm_head.weight')).toBe(false);
});

it('gives every layer its own description, with the RoPE of the config', () => {
  const layers = layersOf(config({ layers: 3, ropeTheta: 1e6 }));
  expect(layers.map(({ rope }) => rope?.theta)).toEqual([1e6, 1e6, 1e6]);
});
