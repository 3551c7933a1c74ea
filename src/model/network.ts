import { type ModelConfig, PROJECTIONS, type Projection, projectionSize } from '../domain/model';
import type { Trainable } from '../domain/recipe/trainable';
import { type LayerDescription, type LayerNorms, mapNorms } from '../families/layer';
import { biasName, EMBEDDING, FINAL_NORM, HEAD, layerTensors, nameInLayer, projectionName } from '../families/tensors';
import type { Gpu } from '../gpu/gpu';
import type { Tensor } from '../gpu/tensor';
import { strideOf, type Weight, type WeightShard } from '../kernels/weights/weight';
import { loraInit } from './loraInit';
import { allocateParameters, type ParameterSpec, type Parameters } from './parameterPool';
import type { LayerWeights, ModelWeights } from './weights';

/** A low-rank change of a matrix: y += scale · (x · A) · B (Hu et al. 2021, arXiv 2106.09685), scale = α / R. */
export interface Adapter {
  readonly a: Weight; // (in, R)
  readonly b: Weight; // (R, out)
  readonly da: Weight;
  readonly db: Weight;
  readonly scale: number;
}

/** A matrix with what trains it: an adapter, a gradient, or neither (frozen); and the bias, where there is one. */
export interface Linear {
  readonly weight: Weight;
  readonly dweight: Weight | null;
  readonly adapter: Adapter | null;
  readonly bias: Norm | null; // (out)
}

type Matrix = Pick<Linear, 'weight' | 'dweight'>;

/** A vector with its gradient, where it is trained. */
export interface Norm {
  readonly weight: Tensor;
  readonly dweight: Tensor | null;
}

export interface Layer {
  readonly description: LayerDescription;
  readonly norms: LayerNorms<Norm>;
  readonly linears: Readonly<Record<Projection, Linear>>;
}

/** All that a forward pass goes through. */
export interface Weights {
  readonly config: ModelConfig;
  readonly embedding: Matrix; // (C, V)
  readonly head: Matrix; // (C, V), the embedding's own when tied
  readonly finalNorm: Norm;
  readonly layers: readonly Layer[];
}

/** The weights of a model with their trainable parts. */
export interface Network extends Weights {
  readonly trainable: Trainable;
  readonly parameters: Parameters;
  /**
   * The weights that the run started from, where full fine-tuning keeps them: only read. With an adapter they are the
   * network's own.
   */
  readonly start: Weights | null;
}

/**
 * What a pass with the adapter on or off goes through. Throws where full fine-tuning did not keep the weights it
 * started from.
 */
export function weightsFor(network: Network, adapterOn: boolean): Weights {
  if (adapterOn || network.trainable.kind === 'lora') return network;
  if (network.start) return network.start;
  throw new Error('the weights that this run started from were not kept: open the model with `start`');
}

/** PEFT's name of an adapter matrix, without its `base_model.model.` prefix. */
export const adapterName = (layer: number, projection: Projection, side: 'A' | 'B') =>
  projectionName(layer, projection).replace('.weight', `.lora_${side}.weight`);

/** The trainable arrays of a model, in the layout of the GPU: (in, stride) for matrices, (n) for norms. */
export function parameterSpecs(config: ModelConfig, trainable: Trainable, maxBindingBytes: number): ParameterSpec[] {
  if (trainable.kind === 'full') return fullSpecs(config, maxBindingBytes);
  const R = strideOf(trainable.rank);
  return Array.from({ length: config.layers }, (_, layer) =>
    PROJECTIONS.filter((p) => trainable.targets.includes(p)).flatMap((projection) => {
      const size = projectionSize(config, projection);
      return [
        { name: adapterName(layer, projection, 'A'), shape: [size.in, R], decay: true },
        { name: adapterName(layer, projection, 'B'), shape: [trainable.rank, strideOf(size.out)], decay: true },
      ];
    }),
  ).flat();
}

function fullSpecs(config: ModelConfig, maxBindingBytes: number): ParameterSpec[] {
  const { channels, vocabulary, layers, tiedHead } = config;
  const matrix = (name: string, K: number, N: number): ParameterSpec[] =>
    columnShards(K, N, maxBindingBytes).map(({ count }, i) => ({
      name: `${name}#${i}`,
      shape: [K, strideOf(count)],
      decay: true,
    }));
  const norm = (name: string, size: number): ParameterSpec => ({ name, shape: [size], decay: false });
  const perLayer = Array.from({ length: layers }, (_, layer) =>
    layerTensors(config, layer).flatMap(({ name, shape: [out, inputs] }) =>
      inputs === undefined ? norm(name, out!) : matrix(name, inputs, out!),
    ),
  );
  return [
    ...matrix(EMBEDDING, channels, vocabulary),
    ...perLayer.flat(),
    norm(FINAL_NORM, channels),
    ...(tiedHead ? [] : matrix(HEAD, channels, vocabulary)),
  ];
}

/** Cuts N columns of K f32 rows so that a shard fits half a binding: gradients and values then share pools well. */
function columnShards(K: number, N: number, maxBindingBytes: number): { start: number; count: number }[] {
  const most = Math.max(4, Math.floor(maxBindingBytes / 2 / (4 * K) / 4) * 4);
  return Array.from({ length: Math.ceil(N / most) }, (_, i) => ({
    start: i * most,
    count: Math.min(most, N - i * most),
  }));
}

/**
 * Allocates what is trained and ties it to the weights. `seed` fixes the adapter's start; full fine-tuning copies the
 * weights, which must be f32. `start`: the same weights as stored, to be kept beside what full fine-tuning changes.
 */
export async function buildNetwork(
  gpu: Gpu,
  weights: ModelWeights,
  trainable: Trainable,
  seed: number,
  start: ModelWeights | null = null,
): Promise<Network> {
  const { config } = weights;
  const parameters = allocateParameters(gpu, parameterSpecs(config, trainable, gpu.facts.maxBindingBytes));
  const full = trainable.kind === 'full';

  const trainedMatrix = (name: string, source: Weight): Matrix => {
    if (!full) return { weight: source, dweight: null };
    const shards = columnShards(source.K, source.N, gpu.facts.maxBindingBytes);
    const side = (kind: 'value' | 'grad'): Weight => ({
      ...source,
      format: 'f32',
      shards: shards.map((shard, i) => ({ ...shard, words: parameters.parameters.get(`${name}#${i}`)![kind] })),
    });
    const weight = side('value');
    copyColumns(gpu, source, weight);
    return { weight, dweight: side('grad') };
  };
  const trainedNorm = (name: string, source: Tensor): Norm => {
    if (!full) return { weight: source, dweight: null };
    const { value, grad } = parameters.parameters.get(name)!;
    gpu.recorder.copy(source, value);
    return { weight: value, dweight: grad };
  };
  const linear = (layer: number, projection: Projection, source: Weight, bias: Tensor | null): Linear => ({
    ...trainedMatrix(projectionName(layer, projection), source),
    adapter: trainable.kind === 'lora' && trainable.targets.includes(projection) ? adapterOf(layer, projection) : null,
    bias: bias && trainedNorm(biasName(layer, projection), bias),
  });
  const adapterOf = (layer: number, projection: Projection): Adapter => {
    if (trainable.kind !== 'lora') throw new Error('an adapter needs a LoRA recipe');
    const size = projectionSize(config, projection);
    const { rank, alpha } = trainable;
    const get = (side: 'A' | 'B') => parameters.parameters.get(adapterName(layer, projection, side))!;
    const matrix = (words: Tensor, K: number, N: number): Weight => ({
      label: words.label.replace(/^d /, ''),
      format: 'f32',
      K,
      N,
      shards: [{ start: 0, count: N, words }],
    });
    gpu.write(get('A').value, loraInit(seed, adapterName(layer, projection, 'A'), size.in, rank));
    return {
      a: matrix(get('A').value, size.in, rank),
      da: matrix(get('A').grad, size.in, rank),
      b: matrix(get('B').value, rank, size.out),
      db: matrix(get('B').grad, rank, size.out),
      scale: alpha / rank,
    };
  };

  const embedding = trainedMatrix(EMBEDDING, weights.embedding);
  const network: Network = {
    config,
    trainable,
    parameters,
    embedding,
    head: config.tiedHead ? embedding : trainedMatrix(HEAD, weights.head),
    finalNorm: trainedNorm(FINAL_NORM, weights.finalNorm),
    layers: weights.layers.map((source, layer) => layerOf(source, layer, linear, trainedNorm)),
    start: start && untrained(start),
  };
  await gpu.done();
  return network;
}

function untrained({ config, embedding, head, finalNorm, layers }: ModelWeights): Weights {
  const norm = (_: string, weight: Tensor): Norm => ({ weight, dweight: null });
  const linear = (_: number, __: Projection, weight: Weight, bias: Tensor | null): Linear => ({
    weight,
    dweight: null,
    adapter: null,
    bias: bias && norm('', bias),
  });
  const matrix = { weight: embedding, dweight: null };
  return {
    config,
    embedding: matrix,
    head: config.tiedHead ? matrix : { weight: head, dweight: null },
    finalNorm: norm('', finalNorm),
    layers: layers.map((source, layer) => layerOf(source, layer, linear, norm)),
  };
}

function layerOf(
  source: LayerWeights,
  layer: number,
  linear: (layer: number, projection: Projection, source: Weight, bias: Tensor | null) => Linear,
  norm: (name: string, source: Tensor) => Norm,
): Layer {
  const { description } = source;
  return {
    description,
    norms: mapNorms(description.norms, (path, place) => norm(nameInLayer(layer, path), source.norms[place]!)),
    linears: Object.fromEntries(
      PROJECTIONS.map((p) => [p, linear(layer, p, source.projections[p], source.biases[p] ?? null)]),
    ) as Record<Projection, Linear>,
  };
}

/**
 * Copies an f32 matrix into another that may be cut differently. Rows are runs of a shard, so each piece is a copy per
 * row.
 */
function copyColumns(gpu: Gpu, from: Weight, to: Weight): void {
  if (from.format !== 'f32')
    throw new Error(`${from.label}: full fine-tuning needs f32 weights, these are ${from.format}`);
  const stride = (shard: WeightShard) => shard.words.shape[1]!;
  for (const target of to.shards) {
    for (const source of from.shards) {
      const start = Math.max(source.start, target.start);
      const count = Math.min(source.start + source.count, target.start + target.count) - start;
      if (count <= 0) continue;
      if (count === source.count && count === target.count && stride(source) === stride(target)) {
        gpu.recorder.copy(source.words, target.words);
        continue;
      }
      for (let row = 0; row < from.K; row++) {
        gpu.recorder.copy(source.words, target.words, {
          fromStart: row * stride(source) + start - source.start,
          toStart: row * stride(target) + start - target.start,
          count,
        });
      }
    }
  }
}
