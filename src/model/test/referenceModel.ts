import type { ReferenceModel } from '../../reference/transformer/transformerParameters';
import { formulaTensor, type RecordedModel } from './parityFixture';

/** (out, in) to (in, out) or back; vectors as they are. */
export function transposed(values: ArrayLike<number>, shape: readonly number[]): Float64Array {
  if (shape.length === 1) return Float64Array.from(values);
  const [rows, columns] = shape as [number, number];
  return Float64Array.from({ length: rows * columns }, (_, i) => values[(i % rows) * columns + Math.floor(i / rows)]!);
}

/** The recorded model in f64, with its PEFT adapter where it is asked for. */
export function referenceModel({ config, tensors, lora }: RecordedModel, { adapter = false } = {}): ReferenceModel {
  const parameters = new Map(
    [...tensors, ...(adapter ? lora.tensors : [])].map((tensor) => [
      tensor.name,
      transposed(formulaTensor(tensor).data, tensor.shape),
    ]),
  );
  return { config, parameters, ...(adapter && { lora: { rank: lora.rank, alpha: lora.alpha } }) };
}
