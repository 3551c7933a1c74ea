import { type Projection, projectionSize } from '../../domain/model';
import type { Activation } from '../../families/layer';
import { ropeFrequencies } from '../../families/rope';
import { biasName, nameInLayer, projectionName } from '../../families/tensors';
import { attentionBackward, attentionForward } from '../attention';
import { biasBackward, biasForward } from '../bias';
import { gegluBackward, gegluForward } from '../geglu';
import { gemmForward, gemmInputGrad, gemmWeightGrad } from '../gemm';
import { loraBackward, loraForward } from '../lora';
import { residualForward } from '../residual';
import { rmsNormBackward, rmsNormForward } from '../rmsNorm';
import { ropeBackward, ropeForward } from '../rope';
import { swigluBackward, swigluForward } from '../swiglu';
import { adapterName, adapterOf, get, layerOf, type ParameterMap, type ReferenceModel } from './transformerParameters';

const GLU: Record<Activation, { forward: typeof swigluForward; backward: typeof swigluBackward }> = {
  silu: { forward: swigluForward, backward: swigluBackward },
  gelu: { forward: gegluForward, backward: gegluBackward },
};

export type LayerActivations = ReturnType<typeof layerForward>;

/** x (N, C) += attention(norm(x)), then x += feedForward(norm(x)). Returns what backward needs. */
export function layerForward(model: ReferenceModel, layer: number, x: Float64Array, start: readonly number[]) {
  const { headSize: D, rmsNormEps: eps } = model.config;
  const { norms, rope, activation, window } = layerOf(model, layer);
  const weight = (path: string) => get(model.parameters, nameInLayer(layer, path));
  const project = (projection: Projection, input: Float64Array) => linearForward(model, layer, projection, input);

  const input = x.slice();
  const inputNorm = rmsNormForward(input, weight(norms.attention), eps);
  const rawQ = project('q_proj', inputNorm.y);
  const rawK = project('k_proj', inputNorm.y);
  const v = project('v_proj', inputNorm.y);
  const qNorm = norms.query ? rmsNormForward(rawQ, weight(norms.query), eps) : null; // of each head
  const kNorm = norms.key ? rmsNormForward(rawK, weight(norms.key), eps) : null;
  const q = (qNorm?.y ?? rawQ).slice();
  const k = (kNorm?.y ?? rawK).slice();
  if (rope) {
    ropeForward(q, positions(start), ropeFrequencies(rope, D));
    ropeForward(k, positions(start), ropeFrequencies(rope, D));
  }
  const { o, lse } = attentionForward(q, k, v, firstSeen(start, window), headSizes(model, layer));
  const attentionRaw = project('o_proj', o);
  const attentionNorm = norms.attentionOutput ? rmsNormForward(attentionRaw, weight(norms.attentionOutput), eps) : null;
  residualForward(attentionNorm?.y ?? attentionRaw, x);

  const middle = x.slice();
  const postNorm = rmsNormForward(middle, weight(norms.feedForward), eps);
  const gate = project('gate_proj', postNorm.y);
  const up = project('up_proj', postNorm.y);
  const hidden = GLU[activation].forward(gate, up);
  const feedForwardRaw = project('down_proj', hidden);
  const feedForwardNorm = norms.feedForwardOutput
    ? rmsNormForward(feedForwardRaw, weight(norms.feedForwardOutput), eps)
    : null;
  residualForward(feedForwardNorm?.y ?? feedForwardRaw, x);
  const outputs = { attentionRaw, attentionNorm, feedForwardRaw, feedForwardNorm };

  return {
    input,
    inputNorm,
    rawQ,
    rawK,
    qNorm,
    kNorm,
    q,
    k,
    v,
    o,
    lse,
    middle,
    postNorm,
    gate,
    up,
    hidden,
    ...outputs,
  };
}

/**
 * Turns the gradient dx (N, C) of the layer's output into that of its input, and adds those of its parameters to
 * `grads`.
 */
export function layerBackward(
  model: ReferenceModel,
  layer: number,
  a: LayerActivations,
  dx: Float64Array,
  start: readonly number[],
  grads: ParameterMap,
) {
  const { headSize: D } = model.config;
  const { norms, rope, activation, window } = layerOf(model, layer);
  const weight = (path: string) => get(model.parameters, nameInLayer(layer, path));
  const dweight = (path: string) => get(grads, nameInLayer(layer, path));
  const zeros = (like: Float64Array) => new Float64Array(like.length);
  const project = (projection: Projection, dy: Float64Array, input: Float64Array, dinput: Float64Array) =>
    linearBackward(model, layer, projection, dy, input, dinput, grads);

  const branchGradient = (
    raw: Float64Array,
    norm: ReturnType<typeof rmsNormForward> | null,
    path: string | undefined,
  ): Float64Array => {
    if (!norm || !path) return dx;
    const draw = zeros(raw);
    rmsNormBackward(dx, raw, weight(path), norm.rstd, draw, dweight(path));
    return draw;
  };

  // The residual stream passes dx on unchanged; each branch below adds to it.
  const [dhidden, dgate, dup, dpost] = [zeros(a.hidden), zeros(a.gate), zeros(a.up), zeros(a.middle)];
  const dfeedForward = branchGradient(a.feedForwardRaw, a.feedForwardNorm, norms.feedForwardOutput);
  project('down_proj', dfeedForward, a.hidden, dhidden);
  GLU[activation].backward(dhidden, a.gate, a.up, dgate, dup);
  project('up_proj', dup, a.postNorm.y, dpost);
  project('gate_proj', dgate, a.postNorm.y, dpost);
  rmsNormBackward(dpost, a.middle, weight(norms.feedForward), a.postNorm.rstd, dx, dweight(norms.feedForward));

  const dattention = branchGradient(a.attentionRaw, a.attentionNorm, norms.attentionOutput);
  const [dO, dq, dk, dv, dinput] = [zeros(a.o), zeros(a.q), zeros(a.k), zeros(a.v), zeros(a.input)];
  project('o_proj', dattention, a.o, dO);
  attentionBackward(dO, a.q, a.k, a.v, a.o, a.lse, firstSeen(start, window), headSizes(model, layer), dq, dk, dv);
  if (rope) {
    ropeBackward(dk, positions(start), ropeFrequencies(rope, D));
    ropeBackward(dq, positions(start), ropeFrequencies(rope, D));
  }
  const [drawQ, drawK] = a.qNorm ? [zeros(dq), zeros(dk)] : [dq, dk];
  if (norms.key) rmsNormBackward(dk, a.rawK, weight(norms.key), a.kNorm!.rstd, drawK, dweight(norms.key));
  if (norms.query) rmsNormBackward(dq, a.rawQ, weight(norms.query), a.qNorm!.rstd, drawQ, dweight(norms.query));
  project('v_proj', dv, a.inputNorm.y, dinput);
  project('k_proj', drawK, a.inputNorm.y, dinput);
  project('q_proj', drawQ, a.inputNorm.y, dinput);
  rmsNormBackward(dinput, a.input, weight(norms.attention), a.inputNorm.rstd, dx, dweight(norms.attention));
}

const headSizes = (model: ReferenceModel, layer: number) => ({
  H: model.config.heads,
  K: model.config.keyValueHeads,
  D: model.config.headSize,
  scale: layerOf(model, layer).attentionScale,
});

/** The first row that each row attends to. */
const firstSeen = (start: readonly number[], window: number | null) =>
  window === null ? start : start.map((first, n) => Math.max(first, n + 1 - window));

const positions = (start: readonly number[]) => start.map((first, n) => n - first);

/** y (N, out) = x (N, in) · W, plus the adapter's share and the bias. */
function linearForward(model: ReferenceModel, layer: number, projection: Projection, x: Float64Array) {
  const size = projectionSize(model.config, projection);
  const name = projectionName(layer, projection);
  const N = x.length / size.in;
  const y = new Float64Array(N * size.out);
  gemmForward(x, get(model.parameters, name), y, { M: N, K: size.in, N: size.out });
  const adapter = adapterOf(model, name);
  if (adapter) loraForward(x, adapter, y, N);
  if (hasBias(model, layer, projection)) biasForward(get(model.parameters, biasName(layer, projection)), y);
  return y;
}

const hasBias = (model: ReferenceModel, layer: number, projection: Projection): boolean =>
  layerOf(model, layer).biases.includes(projection);

/** Adds to dx (N, in), to the gradients of W and of the bias and to those of the adapter. */
function linearBackward(
  model: ReferenceModel,
  layer: number,
  projection: Projection,
  dy: Float64Array,
  x: Float64Array,
  dx: Float64Array,
  grads: ParameterMap,
) {
  const size = projectionSize(model.config, projection);
  const name = projectionName(layer, projection);
  const N = x.length / size.in;
  const adapter = adapterOf(model, name);
  if (adapter) {
    loraBackward(dy, x, adapter, dx, get(grads, adapterName(name, 'A')), get(grads, adapterName(name, 'B')), N);
  }
  if (hasBias(model, layer, projection)) biasBackward(dy, get(grads, biasName(layer, projection)));
  gemmInputGrad(dy, get(model.parameters, name), dx, { M: N, K: size.in, N: size.out });
  gemmWeightGrad(x, dy, get(grads, name), { M: N, K: size.in, N: size.out });
}
