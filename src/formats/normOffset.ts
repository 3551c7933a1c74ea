import type { ModelConfig } from '../domain/model';
import { familyOf } from '../families/families';
import { tensorShapes } from '../families/tensors';
import type { StoredTensor } from './checkpoint';
import { dequantize } from './dequantize';

/**
 * Hugging Face's Gemma keeps norm weights less 1, GGUF files and everything here keep them whole: added when a folder
 * is opened, in f32, and taken off when one is written.
 */
export function withNormOffset(config: ModelConfig, tensors: Map<string, StoredTensor>): Map<string, StoredTensor> {
  const { normOffset = 0 } = familyOf(config);
  if (normOffset === 0) return tensors;
  return new Map([...tensors].map(([name, tensor]) => [name, isNorm(tensor) ? moved(tensor, normOffset) : tensor]));
}

/** The values as a Hugging Face folder has them. */
export function withoutNormOffset(config: ModelConfig, name: string, values: Float32Array): Float32Array {
  const { normOffset = 0 } = familyOf(config);
  const norm = tensorShapes(config).get(name)?.length === 1 && name.endsWith('norm.weight');
  return normOffset !== 0 && norm ? values.map((value) => value - normOffset) : values;
}

const isNorm = ({ name, shape }: StoredTensor): boolean => shape.length === 1 && name.endsWith('norm.weight');

/** Its bytes in the file stay the file's: they identify the model. */
function moved(tensor: StoredTensor, offset: number): StoredTensor {
  const read = async () => {
    const values = dequantize(tensor.format, await tensor.read()).map((value) => value + offset);
    return new Uint8Array(values.buffer);
  };
  return { ...tensor, format: 'F32', read };
}
