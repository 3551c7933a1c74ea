import { embeddingScale } from '../../families/families';
import { EMBEDDING, FINAL_NORM } from '../../families/tensors';
import { embeddingBackward, embeddingForward } from '../embedding';
import { gemmForward, gemmInputGrad, gemmWeightGrad } from '../gemm';
import { rmsNormBackward, rmsNormForward } from '../rmsNorm';
import { layerBackward, layerForward } from './transformerLayer';
import { get, headName, type ParameterMap, type ReferenceModel } from './transformerParameters';

/** Sequences one after the other, without padding. */
export interface Packed {
  readonly token: readonly number[]; // (N)
  /** First row of each row's sequence. */
  readonly start: readonly number[]; // (N)
}

export function pack(sequences: readonly (readonly number[])[]): Packed {
  const token: number[] = [];
  const start: number[] = [];
  for (const sequence of sequences) {
    start.push(...sequence.map(() => token.length));
    token.push(...sequence);
  }
  return { token, start };
}

export type Activations = ReturnType<typeof transformerForward>;

/** Logits (N, V) of packed sequences, and what backward needs. */
export function transformerForward(model: ReferenceModel, { token, start }: Packed) {
  const { config, parameters } = model;
  const { vocabulary: V, channels: C, rmsNormEps } = config;
  const N = token.length;

  const x = embeddingForward(token, get(parameters, EMBEDDING), C); // the residual stream (N, C), which every layer adds to
  const scale = embeddingScale(config);
  x.forEach((value, i) => {
    x[i] = scale * value;
  });
  const layers = Array.from({ length: config.layers }, (_, layer) => layerForward(model, layer, x, start));
  const norm = rmsNormForward(x, get(parameters, FINAL_NORM), rmsNormEps);
  const logits = new Float64Array(N * V);
  gemmForward(norm.y, get(parameters, headName(config)), logits, { M: N, K: C, N: V });
  return { logits, x, layers, norm };
}

/** Adds the gradient of every parameter to `grads`, given dlogits (N, V). */
export function transformerBackward(
  model: ReferenceModel,
  { token, start }: Packed,
  { x, layers, norm }: Activations,
  dlogits: Float64Array,
  grads: ParameterMap,
) {
  const { config, parameters } = model;
  const { vocabulary: V, channels: C } = config;
  const N = token.length;

  const dnorm = new Float64Array(N * C);
  gemmInputGrad(dlogits, get(parameters, headName(config)), dnorm, { M: N, K: C, N: V });
  gemmWeightGrad(norm.y, dlogits, get(grads, headName(config)), { M: N, K: C, N: V });
  const dx = new Float64Array(N * C);
  rmsNormBackward(dnorm, x, get(parameters, FINAL_NORM), norm.rstd, dx, get(grads, FINAL_NORM));
  for (let layer = config.layers - 1; layer >= 0; layer--)
    layerBackward(model, layer, layers[layer]!, dx, start, grads);
  const scale = embeddingScale(config);
  embeddingBackward(
    dx.map((value) => scale * value),
    token,
    get(grads, EMBEDDING),
  );
}
