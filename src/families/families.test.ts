import { expect, it } from 'vitest';
import type { z } from 'zod';
import { ARCHITECTURES, type ModelConfig } from '../domain/model';
import { tinyConfig } from '../formats/test/testModel';
import { embeddingScale, FAMILIES, findArchitecture, layersOf, supportedFamilies } from './families';
import type { GgufMetadata } from './family';
import { hasHeadNorms, layerTensors, parameterCount, tensorShapes } from './tensors';

const config = (change: Partial<ModelConfig>): ModelConfig => tinyConfig({ channels: 32, ...change });

it('finds a family by its names, and none by what every object has', () => {
  for (const [architecture, { huggingFace, gguf }] of Object.entries(FAMILIES)) {
    expect(findArchitecture((family) => family.huggingFace.className === huggingFace.className)).toBe(architecture);
    expect(findArchitecture((family) => family.huggingFace.modelType === huggingFace.modelType)).toBe(architecture);
    // llama.cpp writes Mistral as Llama.
    const written = architecture === 'mistral' ? 'llama' : architecture;
    expect(findArchitecture((family) => family.gguf.architecture === gguf.architecture)).toBe(written);
  }
  expect(findArchitecture((family) => family.huggingFace.className === 'constructor')).toBeUndefined();
});

it('lists what is supported with the models that people know', () => {
  const text = supportedFamilies(({ gguf }) => gguf.architecture);
  expect(text).toBe(
    'Supported are llama (Llama, SmolLM2, dense), gemma3 (Gemma 3, text, dense), llama (Mistral, dense), qwen2 (Qwen2, Qwen2.5, dense), ' +
      'qwen3 (Qwen3, dense) and smollm3 (SmolLM3, dense).',
  );
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

it('names the biases of queries, keys and values, and finds them to be without RoPE in every fourth layer', () => {
  const biases = layerTensors(config({ architecture: 'qwen2' }), 1).slice(-3);
  expect(biases.map(({ name, shape }) => `${name} ${shape}`)).toEqual([
    'model.layers.1.self_attn.q_proj.bias 64',
    'model.layers.1.self_attn.k_proj.bias 32',
    'model.layers.1.self_attn.v_proj.bias 32',
  ]);
  const smollm3 = layersOf(config({ architecture: 'smollm3', layers: 5, noRopeEvery: 4 }));
  expect(smollm3.map(({ rope }) => rope !== null)).toEqual([true, true, true, false, true]);
});

it('gives Gemma 3 windows with a RoPE of their own in all but every n-th layer, and four norms', () => {
  const gemma3 = config({
    architecture: 'gemma3',
    layers: 3,
    window: 9,
    globalEvery: 3,
    localRopeTheta: 100,
    queryScale: 25,
  });
  expect(layersOf(gemma3).map(({ window, rope, attentionScale }) => [window, rope?.theta, attentionScale])).toEqual([
    [9, 100, 0.2],
    [9, 100, 0.2],
    [null, 10_000, 0.2],
  ]);
  const norms = layerTensors(gemma3, 0).filter(({ shape }) => shape.length === 1);
  expect(norms.map(({ name }) => name.split('.').at(-2))).toEqual([
    'input_layernorm',
    'q_norm',
    'k_norm',
    'post_attention_layernorm',
    'pre_feedforward_layernorm',
    'post_feedforward_layernorm',
  ]);
  expect(embeddingScale(gemma3)).toBe(Math.fround(Math.sqrt(32)));
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

/** config.json with nothing that has a default. */
const least = {
  vocab_size: 1000,
  hidden_size: 96,
  intermediate_size: 200,
  num_hidden_layers: 2,
  num_attention_heads: 6,
};
const parse = <S extends z.ZodType>(schema: S, json: unknown): z.infer<S> => schema.parse(json);

it.each([
  ['llama', 16], // C / H
  ['qwen2', 16],
  ['qwen3', 128],
] as const)('%s: reads config.json with the defaults of transformers', (architecture, headSize) => {
  expect(FAMILIES[architecture].huggingFace.read(least, parse)).toEqual({
    refused: [],
    fields: {
      vocabulary: 1000,
      channels: 96,
      layers: 2,
      heads: 6,
      keyValueHeads: 6,
      headSize,
      hidden: 200,
      ropeTheta: 10_000,
      rmsNormEps: 1e-6,
      tiedHead: false,
      contextLength: 2048,
    },
  });
});

it.each(Object.entries(FAMILIES))(
  '%s: refuses in config.json what is not computed, all of it',
  (architecture, { huggingFace }) => {
    const activation = architecture === 'gemma3' ? 'hidden_activation' : 'hidden_act';
    const asked = {
      ...least,
      rope_scaling: { type: 'dynamic' },
      attention_bias: true,
      mlp_bias: true,
      [activation]: 'gelu',
      partial_rotary_factor: 0.5,
      use_sliding_window: true,
      quantization_config: {},
    };
    expect(huggingFace.read(asked, parse).refused.toSorted()).toEqual([
      'RoPE scaling of type dynamic',
      'a sliding attention window',
      'attention_bias',
      `${activation} gelu`,
      'mlp_bias',
      'partial_rotary_factor',
      'quantization_config (weights quantised for another engine)',
    ]);
  },
);

it.each([
  ['llama', { hidden_act: 'silu', attention_bias: false, mlp_bias: false }],
  ['qwen3', { hidden_act: 'silu', attention_bias: false, use_sliding_window: false }],
  ['qwen2', { hidden_act: 'silu', use_sliding_window: false }],
  [
    'gemma3',
    { query_pre_attn_scalar: 20, rope_local_base_freq: 100, layer_types: ['sliding_attention', 'full_attention'] },
  ],
  ['mistral', { sliding_window: 33 }],
  ['smollm3', { no_rope_layers: [1, 0], no_rope_layer_interval: 2 }],
] as const)('%s: writes what it reads, and says what it does not have', (architecture, says) => {
  const model = config({
    architecture,
    headSize: 24,
    ropeScaling: { type: 'linear', factor: 2 },
    ...(architecture === 'gemma3' && { window: 33, globalEvery: 2, localRopeTheta: 100, queryScale: 20 }),
    ...(architecture === 'mistral' && { window: 33 }),
    ...(architecture === 'smollm3' && { noRopeEvery: 2 }),
  });
  const { huggingFace } = FAMILIES[architecture];
  expect(huggingFace.write(model)).toMatchObject(says);
  const { architecture: _, endTokens: __, ...fields } = model;
  expect(huggingFace.read(huggingFace.write(model), parse)).toEqual({ refused: [], fields });
});

it.each([
  ['llama', ['<|im_end|>', '<|endoftext|>', '<|eot_id|>', '<|end_of_text|>', '<|eom_id|>']],
  ['qwen3', ['<|im_end|>', '<|endoftext|>']],
  ['qwen2', ['<|im_end|>', '<|endoftext|>']],
  ['gemma3', ['<end_of_turn>', '<eos>']],
  ['mistral', ['</s>', '<|im_end|>']],
  ['smollm3', ['<|im_end|>', '<|end_of_text|>', '<|eot_id|>']],
] as const)('%s: ends a completion at every token of its chat templates', (architecture, texts) => {
  expect(FAMILIES[architecture].gguf.endTexts).toEqual(texts);
});

it.each(Object.entries(FAMILIES))(
  '%s: reads GGUF metadata, and refuses what is not computed',
  (architecture, { gguf }) => {
    const values: Record<string, unknown> = {
      embedding_length: 96,
      block_count: 2,
      feed_forward_length: 200,
      context_length: 512,
      'attention.head_count': 6,
      'attention.layer_norm_rms_epsilon': Math.fround(1e-5),
      ...(architecture === 'gemma3' && { 'attention.sliding_window': 33 }),
    };
    const metadata = (change: Record<string, unknown> = {}, tensors: readonly string[] = []): GgufMetadata => ({
      get: (key) => ({ ...values, ...change })[key],
      number: (key, fallback) => (({ ...values, ...change })[key] as number) ?? fallback!,
      hasTensor: (name) => tensors.includes(name),
    });
    expect(gguf.read(metadata())).toEqual({
      refused: [],
      fields: {
        channels: 96,
        layers: 2,
        heads: 6,
        keyValueHeads: 6,
        headSize: 16,
        hidden: 200,
        ropeTheta: 10_000,
        rmsNormEps: 1e-5,
        contextLength: 512,
        ...(architecture === 'smollm3' && { noRopeEvery: 4 }),
        ...(architecture === 'gemma3' && { ropeTheta: 1e6, window: 33, globalEvery: 6, localRopeTheta: 10_000 }),
      },
    });
    expect(gguf.read(metadata({ 'rope.scaling.type': 'none' })).refused).toEqual([]);
    const change = {
      'rope.scaling.type': 'longrope',
      expert_count: 4,
      'attention.value_length': 8,
      'rope.dimension_count': 8,
    };
    expect(gguf.read(metadata(change)).refused).toEqual([
      'RoPE scaling of type longrope',
      'a mixture of experts',
      'value heads of another size than key heads',
      'RoPE over a part of each head',
    ]);
  },
);
