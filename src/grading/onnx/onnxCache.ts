import type * as Ort from 'onnxruntime-web';
import { FormatError } from '../../formats/formatError';

/** The runtime, handed in: pages take its WebGPU build, Node the plain one. */
export type OnnxRuntime = typeof Ort;

/**
 * Keys and values of several sequences, one a row. Shorter ones have padding among their columns, which the mask leaves
 * out.
 */
export interface Cache {
  readonly rows: number;
  /** Columns: tokens and padding. */
  readonly length: number;
  /** (rows · length) 1 where there is a token, 0 where there is padding. */
  readonly mask: Uint8Array;
  /** (rows) tokens so far: the position of the next one. */
  readonly counts: readonly number[];
  /** (rows, heads, length, head size) by layer and side. */
  readonly tensors: ReadonlyMap<string, Ort.Tensor>;
}

const PAST = /^past_key_values\.(\d+\.(?:key|value))$/;

/** The layer and side of a cache input; undefined for other inputs. */
export const cachePart = (inputName: string): string | undefined => PAST.exec(inputName)?.[1];

/** What sequences start from. */
export function emptyCache(ort: OnnxRuntime, inputs: Ort.InferenceSession['inputMetadata'], rows: number): Cache {
  const tensors = new Map<string, Ort.Tensor>();
  for (const input of inputs) {
    const part = cachePart(input.name);
    if (part !== undefined && input.isTensor) tensors.set(part, emptyTensor(ort, input, rows));
  }
  return { rows, length: 0, mask: new Uint8Array(), counts: new Array(rows).fill(0), tensors };
}

/** Some rows of a cache, in a given order and as often as they are named, as a cache of its own. */
export async function gatherRows(ort: OnnxRuntime, cache: Cache, rows: readonly number[]): Promise<Cache> {
  const { length, mask, counts } = cache;
  const tensors = new Map<string, Ort.Tensor>();
  for (const [part, tensor] of cache.tensors) tensors.set(part, await gathered(ort, tensor, rows));
  const own = new Uint8Array(rows.length * length);
  rows.forEach((row, i) => {
    own.set(mask.subarray(row * length, (row + 1) * length), i * length);
  });
  return { rows: rows.length, length, mask: own, counts: rows.map((row) => counts[row]!), tensors };
}

async function gathered(ort: OnnxRuntime, tensor: Ort.Tensor, rows: readonly number[]): Promise<Ort.Tensor> {
  // A tensor on the graphics adapter is read back; it is uploaded again with the next pass.
  const data = (tensor.location === 'cpu' ? tensor.data : await tensor.getData()) as Float32Array | Uint16Array;
  const size = data.length / tensor.dims[0]!;
  const whole = likeOf(data, size * rows.length);
  rows.forEach((row, i) => {
    whole.set(data.subarray(row * size, (row + 1) * size), i * size);
  });
  return new ort.Tensor(tensor.type, whole, [rows.length, ...tensor.dims.slice(1)]);
}

/** Half precision is Float16Array where there is one, Uint16Array elsewhere. */
const likeOf = (data: Float32Array | Uint16Array, length: number): Float32Array | Uint16Array =>
  new (data.constructor as new (length: number) => Float32Array | Uint16Array)(length);

export function freeCache({ length, tensors }: Cache): void {
  if (length > 0) for (const tensor of tensors.values()) tensor.dispose();
}

/** No token yet: the sequence axis is 0. */
function emptyTensor(
  ort: OnnxRuntime,
  { name, type, shape }: Ort.InferenceSession.TensorValueMetadata,
  rows: number,
): Ort.Tensor {
  const dims = shape.map((size, axis) => (axis === 0 ? rows : typeof size === 'number' ? size : 0));
  if (type === 'float32') return new ort.Tensor('float32', new Float32Array(), dims);
  if (type === 'float16') return new ort.Tensor('float16', new Uint16Array(), dims);
  throw new FormatError(`${name} is of the type ${type}, which is not supported`, 'Take another version of the model.');
}
