import { hasQkNorm, type Projection, projectionSize } from '../domain/model';
import { attentionBackward, attentionForward } from './attention';
import { gemmForward, gemmInputGrad, gemmWeightGrad } from './gemm';
import { loraBackward, loraForward } from './lora';
import { residualForward } from './residual';
import { rmsNormBackward, rmsNormForward } from './rmsNorm';
import { ropeBackward, ropeForward } from './rope';
import { swigluBackward, swigluForward } from './swiglu';
import { adapterOf, get, type ParameterMap, type Part, partName, type ReferenceModel } from './transformerParameters';

export type LayerActivations = ReturnType<typeof layerForward>;

/** x (N, C) += attention(norm(x)), then x += feedForward(norm(x)). Returns what backward needs. */
export function layerForward(model: ReferenceModel, layer: number, x: Float64Array, start: readonly number[]) {
  const { headSize: D, ropeTheta, rmsNormEps: eps } = model.config;
  const weight = (part: Part) => get(model.parameters, `${partName(layer, part)}.weight`);
  const project = (projection: Projection, input: Float64Array) => linearForward(model, layer, projection, input);

  const input = x.slice();
  const inputNorm = rmsNormForward(input, weight('input_layernorm'), eps);
  const rawQ = project('q_proj', inputNorm.y);
  const rawK = project('k_proj', inputNorm.y);
  const v = project('v_proj', inputNorm.y);
  const qNorm = hasQkNorm(model.config) ? rmsNormForward(rawQ, weight('q_norm'), eps) : null; // of each head
  const kNorm = hasQkNorm(model.config) ? rmsNormForward(rawK, weight('k_norm'), eps) : null;
  const q = (qNorm?.y ?? rawQ).slice();
  const k = (kNorm?.y ?? rawK).slice();
  ropeForward(q, positions(start), ropeTheta, D);
  ropeForward(k, positions(start), ropeTheta, D);
  const { o, lse } = attentionForward(q, k, v, start, headSizes(model));
  residualForward(project('o_proj', o), x);

  const middle = x.slice();
  const postNorm = rmsNormForward(middle, weight('post_attention_layernorm'), eps);
  const gate = project('gate_proj', postNorm.y);
  const up = project('up_proj', postNorm.y);
  const hidden = swigluForward(gate, up);
  residualForward(project('down_proj', hidden), x);

  return { input, inputNorm, rawQ, rawK, qNorm, kNorm, q, k, v, o, lse, middle, postNorm, gate, up, hidden };
}

/** Turns the gradient dx (N, C) of the layer's output into that of its input, and adds those of its parameters to `grads`. */
export function layerBackward(
  model: ReferenceModel,
  layer: number,
  a: LayerActivations,
  dx: Float64Array,
  start: readonly number[],
  grads: ParameterMap,
) {
  const { headSize: D, ropeTheta } = model.config;
  const weight = (part: Part) => get(model.parameters, `${partName(layer, part)}.weight`);
  const dweight = (part: Part) => get(grads, `${partName(layer, part)}.weight`);
  const zeros = (like: Float64Array) => new Float64Array(like.length);
  const project = (projection: Projection, dy: Float64Array, input: Float64Array, dinput: Float64Array) =>
    linearBackward(model, layer, projection, dy, input, dinput, grads);

  // The residual stream passes dx on unchanged; each branch below adds to it.
  const [dhidden, dgate, dup, dpost] = [zeros(a.hidden), zeros(a.gate), zeros(a.up), zeros(a.middle)];
  project('down_proj', dx, a.hidden, dhidden);
  swigluBackward(dhidden, a.gate, a.up, dgate, dup);
  project('up_proj', dup, a.postNorm.y, dpost);
  project('gate_proj', dgate, a.postNorm.y, dpost);
  const post = 'post_attention_layernorm';
  rmsNormBackward(dpost, a.middle, weight(post), a.postNorm.rstd, dx, dweight(post));

  const [dO, dq, dk, dv, dinput] = [zeros(a.o), zeros(a.q), zeros(a.k), zeros(a.v), zeros(a.input)];
  project('o_proj', dx, a.o, dO);
  attentionBackward(dO, a.q, a.k, a.v, a.o, a.lse, start, headSizes(model), dq, dk, dv);
  ropeBackward(dk, positions(start), ropeTheta, D);
  ropeBackward(dq, positions(start), ropeTheta, D);
  const [drawQ, drawK] = a.qNorm ? [zeros(dq), zeros(dk)] : [dq, dk];
  if (a.kNorm) rmsNormBackward(dk, a.rawK, weight('k_norm'), a.kNorm.rstd, drawK, dweight('k_norm'));
  if (a.qNorm) rmsNormBackward(dq, a.rawQ, weight('q_norm'), a.qNorm.rstd, drawQ, dweight('q_norm'));
  project('v_proj', dv, a.inputNorm.y, dinput);
  project('k_proj', drawK, a.inputNorm.y, dinput);
  project('q_proj', drawQ, a.inputNorm.y, dinput);
  rmsNormBackward(dinput, a.input, weight('input_layernorm'), a.inputNorm.rstd, dx, dweight('input_layernorm'));
}

const headSizes = ({ config }: ReferenceModel) => ({ H: config.heads, K: config.keyValueHeads, D: config.headSize });

const positions = (start: readonly number[]) => start.map((first, n) => n - first);

/** y (N, out) = x (N, in) · W, plus the adapter's share. */
function linearForward(model: ReferenceModel, layer: number, projection: Projection, x: Float64Array) {
  const size = projectionSize(model.config, projection);
  const name = partName(layer, projection);
  const N = x.length / size.in;
  const y = new Float64Array(N * size.out);
  gemmForward(x, get(model.parameters, `${name}.weight`), y, { M: N, K: size.in, N: size.out });
  const adapter = adapterOf(model, name);
  if (adapter) loraForward(x, adapter, y, N);
  return y;
}

/** Adds to dx (N, in), to the gradient of W and to those of the adapter. */
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
  const name = partName(layer, projection);
  const N = x.length / size.in;
  const adapter = adapterOf(model, name);
  if (adapter) {
    loraBackward(dy, x, adapter, dx, get(grads, `${name}.lora_A.weight`), get(grads, `${name}.lora_B.weight`), N);
  }
  gemmInputGrad(dy, get(model.parameters, `${name}.weight`), dx, { M: N, K: size.in, N: size.out });
  gemmWeightGrad(x, dy, get(grads, `${name}.weight`), { M: N, K: size.in, N: size.out });
}
