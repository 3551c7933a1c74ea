import { describe, expect, it } from 'vitest';
import type { ModelConfig, Projection } from '../../domain/model';
import { layersOf } from '../../families/families';
import type { LayerDescription } from '../../families/layer';
import { numericGradient, worstError } from '../gradientCheck';
import { pack, transformerForward } from './transformer';
import { type LossRows, transformerLoss } from './transformerLoss';
import { get, type ParameterMap, parameterSizes, type ReferenceModel } from './transformerParameters';
import { transformerStep } from './transformerStep';

const llama: ModelConfig = {
  architecture: 'llama',
  vocabulary: 7,
  channels: 6,
  layers: 2,
  heads: 2,
  keyValueHeads: 1,
  headSize: 4,
  hidden: 5,
  ropeTheta: 100,
  rmsNormEps: 1e-5,
  tiedHead: true,
  contextLength: 16,
  endTokens: [],
};
const qwen3: ModelConfig = { ...llama, architecture: 'qwen3', keyValueHeads: 2, tiedHead: false };
const lora = { rank: 2, alpha: 3, targets: ['q_proj', 'v_proj', 'down_proj'] as readonly Projection[] };

/** The layers of a model whose first turns by another theta, and whose last does not turn. */
function otherRopes(config: ModelConfig): LayerDescription[] {
  const layers = layersOf(config);
  return layers.map((layer, i) => ({ ...layer, rope: i + 1 < layers.length ? { theta: 3 } : null }));
}

function modelOf(config: ModelConfig, adapter?: typeof lora): ReferenceModel {
  let seed = 0;
  const parameters: ParameterMap = new Map();
  for (const [name, size] of parameterSizes(config, adapter)) {
    seed += 1;
    const shift = name.includes('norm') ? 1 : 0;
    parameters.set(
      name,
      Float64Array.from({ length: size }, (_, i) => shift + 0.6 * Math.sin(12.9898 * (i + 1) + 78.233 * seed)),
    );
  }
  return { config, parameters, ...(adapter && { lora: adapter }) };
}
const zeros = (parameters: ParameterMap): ParameterMap =>
  new Map([...parameters].map(([name, values]) => [name, new Float64Array(values.length)]));

// Two sequences; on- and off-policy tokens, one of them clipped, one with weight 0, both signs of advantage, a KL term.
const batch = pack([
  [1, 5, 0, 3],
  [6, 2, 2],
]);
const rows: LossRows = {
  row: [0, 1, 2, 4, 5],
  oldLogprob: [Number.NaN, -2, -1.5, -9, -2.2],
  referenceLogprob: [-2, -1.8, -2.5, -2, -2],
  advantage: [1.2, -0.7, 0.4, 1, 2],
  weight: [0.3, 0.2, 0.25, 0.15, 0],
};
const options = { temperature: 0.8, clipLow: 0.2, clipHigh: 0.28, klCoef: 0.1 };

describe.each([
  ['Llama, all weights', modelOf(llama)],
  ['Qwen3, all weights', modelOf(qwen3)],
  ['Llama with adapters', modelOf(llama, lora)],
  ['Qwen3 with adapters', modelOf(qwen3, lora)],
  ['Qwen3 with other ropes', { ...modelOf(qwen3), layers: otherRopes(qwen3) }],
] as const)('%s', (_, model: ReferenceModel) => {
  it('backward is the derivative of the loss in every parameter', () => {
    const grads = zeros(model.parameters);
    const { logprob, stats } = transformerLoss(model, batch, rows, options, grads);
    expect([...stats].filter((_, i) => i % 4 === 1)).toContain(1); // a token is clipped

    // NaN takes the logprob as it is now for a constant: in a difference that constant must stay.
    const fixed = { ...rows, oldLogprob: [logprob[0]!, ...Array.from(rows.oldLogprob).slice(1)] };
    const loss = () => transformerLoss(model, batch, fixed, options).loss;
    for (const [name, values] of model.parameters) {
      const worst = worstError(get(grads, name), numericGradient(loss, values), { atol: 1e-8, rtol: 1e-6 });
      expect(worst.ratio, `${name} ${JSON.stringify(worst)}`).toBeLessThan(1);
    }
  });
});

it('backward is the derivative with one ratio per answer and an entropy bonus', () => {
  const model = modelOf(llama);
  const grads = zeros(model.parameters);
  const answers: LossRows = {
    ...rows,
    oldLogprob: [-2.1, -2, -2.2, -2, -2.2],
    advantage: [1.2, 1.2, 1.2, -1, -1],
    weight: [0.2, 0.2, 0.2, 0.3, 0.3],
    answerStart: [0, 3, 5],
  };
  const gspo = { ...options, type: 'gspo', klKind: 'k2', entropyWeight: 0.05 } as const;
  transformerLoss(model, batch, answers, gspo, grads);
  const loss = () => transformerLoss(model, batch, answers, gspo).loss;
  for (const [name, values] of model.parameters) {
    const worst = worstError(get(grads, name), numericGradient(loss, values), { atol: 1e-8, rtol: 1e-6 });
    expect(worst.ratio, `${name} ${JSON.stringify(worst)}`).toBeLessThan(1);
  }
});

it('computes by the description of the layers', () => {
  const model = modelOf(qwen3);
  const { logits } = transformerForward(model, batch);
  expect(transformerForward({ ...model, layers: layersOf(qwen3) }, batch).logits).toEqual(logits);
  expect(transformerForward({ ...model, layers: otherRopes(qwen3) }, batch).logits).not.toEqual(logits);
});

it('packing changes nothing: sequences do not see each other', () => {
  const model = modelOf(qwen3);
  const both = transformerForward(model, batch).logits;
  const second = transformerForward(model, pack([[6, 2, 2]])).logits;
  expect(worstError(both.subarray(4 * 7), second, { atol: 1e-12, rtol: 0 }).ratio).toBeLessThan(1);
});

it('an adapter whose B is zero changes nothing', () => {
  const model = modelOf(llama, lora);
  for (const [name, values] of model.parameters) if (name.includes('lora_B')) values.fill(0);
  const without = { config: llama, parameters: model.parameters };
  expect(transformerForward(model, batch).logits).toEqual(transformerForward(without, batch).logits);
});

it('steps of AdamW lower the loss of supervised tokens', () => {
  const model = modelOf(llama);
  const grads = zeros(model.parameters);
  const [m, v] = [zeros(model.parameters), zeros(model.parameters)];
  const trained = [...model.parameters].map(([name, parameter]) => ({
    state: { parameter, grad: get(grads, name), m: get(m, name), v: get(v, name) },
    decay: !name.includes('norm'),
  }));
  const M = rows.row.length;
  const supervised = {
    row: rows.row,
    oldLogprob: Array(M).fill(Number.NaN),
    referenceLogprob: Array(M).fill(0),
    advantage: Array(M).fill(1),
    weight: Array(M).fill(1 / M),
  };
  // On policy the loss is −1 whatever the parameters, and only its gradient says where to go: the logprobs show the
  // way.
  const mean = () => {
    const { logprob } = transformerLoss(model, batch, supervised, { ...options, klCoef: 0 }, grads);
    return logprob.reduce((sum, value) => sum + value / M, 0);
  };
  const optimizer = { learningRate: 0.02, beta1: 0.9, beta2: 0.99, eps: 1e-8, weightDecay: 0.01, maxGradNorm: 1 };
  const before = mean();
  let after = before;
  for (let step = 1; step <= 20; step++) {
    transformerStep(trained, optimizer, step);
    after = mean();
  }
  expect(after).toBeGreaterThan(before + 1);
  expect(after).toBeGreaterThan(-0.3);
});
