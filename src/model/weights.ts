import { type ModelConfig, PROJECTIONS, type Projection } from '../domain/model';
import type { WorkContext } from '../domain/workContext';
import { layersOf } from '../families/families';
import { type LayerDescription, type LayerNorms, mapNorms, type NormPlace, normEntries } from '../families/layer';
import { biasName, EMBEDDING, FINAL_NORM, HEAD, nameInLayer, projectionName } from '../families/tensors';
import { checkFinite } from '../formats/checkFinite';
import type { Checkpoint, StoredTensor } from '../formats/checkpoint';
import { dequantize } from '../formats/dequantize';
import type { Gpu } from '../gpu/gpu';
import type { Tensor } from '../gpu/tensor';
import type { Weight, WeightFormat } from '../kernels/weights/weight';
import { uploadWeight } from '../kernels/weights/weightUpload';

/** The matrices and norms of one layer. */
export interface LayerWeights {
  readonly description: LayerDescription;
  /** (C) before attention and feed-forward, (D) over heads. */
  readonly norms: LayerNorms<Tensor>;
  readonly projections: Readonly<Record<Projection, Weight>>;
  /** (out) */
  readonly biases: Readonly<Partial<Record<Projection, Tensor>>>;
}

/** A checkpoint on the GPU, each matrix in the format in which it was stored. */
export interface ModelWeights {
  readonly config: ModelConfig;
  readonly embedding: Weight; // (C, V)
  readonly head: Weight; // the embedding itself when tied
  readonly finalNorm: Tensor; // (C)
  readonly layers: readonly LayerWeights[];
  readonly formats: readonly WeightFormat[];
  release(): void;
}

/**
 * Reads every tensor of a checkpoint onto the GPU, one at a time, so that the page never holds the model in its own
 * memory. `as: 'f32'` converts the matrices, for full fine-tuning. Throws what the checkpoint's reader throws, and
 * FormatError for NaN and infinity, naming the tensor.
 */
export async function loadWeights(
  gpu: Gpu,
  checkpoint: Checkpoint,
  options: { as?: 'f32' } = {},
  { signal, onProgress }: WorkContext = {},
): Promise<ModelWeights> {
  const { config } = checkpoint;
  const total = [...checkpoint.tensors.values()].reduce((sum, { bytes }) => sum + bytes, 0);
  const buffers = new Set<GPUBuffer>();
  const formats = new Set<WeightFormat>();
  let loaded = 0;

  const stored = (name: string): StoredTensor => {
    const tensor = checkpoint.tensors.get(name);
    if (!tensor) throw new Error(`${checkpoint.name}: the tensor ${name} is missing`);
    return tensor;
  };
  const read = async (tensor: StoredTensor) => {
    signal?.throwIfAborted();
    const bytes = await tensor.read();
    checkFinite(tensor, bytes);
    loaded += tensor.bytes;
    onProgress?.(loaded, total);
    return bytes;
  };
  const matrix = async (name: string): Promise<Weight> => {
    const tensor = stored(name);
    const [out, inputs] = tensor.shape;
    const source = { format: tensor.format, shape: [out!, inputs!] as const, bytes: await read(tensor) };
    const weight = uploadWeight(gpu, name, source, options.as ? { as: options.as } : {});
    formats.add(weight.format);
    for (const { words, scales } of weight.shards) {
      buffers.add(words.buffer);
      if (scales) buffers.add(scales.buffer);
    }
    return weight;
  };
  const vector = async (name: string): Promise<Tensor> => {
    const tensor = stored(name);
    const uploaded = gpu.tensor(name, tensor.shape, vectorOf(tensor, await read(tensor)));
    buffers.add(uploaded.buffer);
    return uploaded;
  };
  const release = () => {
    for (const buffer of buffers) gpu.release(buffer);
    buffers.clear();
  };

  try {
    const embedding = await matrix(EMBEDDING);
    const layers: LayerWeights[] = [];
    for (const [layer, description] of layersOf(config).entries()) {
      const projections: Partial<Record<Projection, Weight>> = {};
      for (const projection of PROJECTIONS) projections[projection] = await matrix(projectionName(layer, projection));
      const norms = new Map<NormPlace, Tensor>();
      for (const [place, path] of normEntries(description.norms))
        norms.set(place, await vector(nameInLayer(layer, path)));
      const biases: Partial<Record<Projection, Tensor>> = {};
      for (const projection of description.biases) biases[projection] = await vector(biasName(layer, projection));
      layers.push({
        description,
        norms: mapNorms(description.norms, (_, place) => norms.get(place)!),
        projections: projections as Record<Projection, Weight>,
        biases,
      });
      await gpu.done(); // lets the upload's copies go before the next layer
    }
    const finalNorm = await vector(FINAL_NORM);
    const head = config.tiedHead ? embedding : await matrix(HEAD);
    return { config, embedding, head, finalNorm, layers, formats: [...formats], release };
  } catch (error) {
    release();
    throw error;
  }
}

/** A norm's weight or a bias as f32, from the three formats that checkpoints keep them in. */
function vectorOf({ name, format }: StoredTensor, bytes: Uint8Array): Float32Array {
  if (format === 'F32' || format === 'F16' || format === 'BF16') return dequantize(format, bytes);
  throw new Error(`${name}: a norm or bias in ${format} is not supported, use F32, BF16 or F16`);
}
