import type { Gpu } from '../gpu/gpu';
import type { Tensor } from '../gpu/tensor';
import { strideOf } from '../kernels/weights/weight';
import type { Network } from './network';

/**
 * A trained array as checkpoints and exports keep it, in the layout of Hugging Face and PEFT: matrices are (out, in).
 */
export interface NamedTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

interface Piece {
  /** Name in a checkpoint. */
  readonly name: string;
  /** (in, stride) views of a matrix cut by columns, or one (n) vector. */
  readonly shards: readonly { readonly value: Tensor; readonly start: number; readonly count: number }[];
  readonly shape: readonly number[];
}

/** The trained arrays by their checkpoint names, with columns of cut matrices put together again. */
function piecesOf({ parameters, layers, trainable, embedding, head, config }: Network): Piece[] {
  const pieces: Piece[] = [];
  const weights =
    trainable.kind === 'full'
      ? [
          embedding.weight,
          ...layers.flatMap(({ linears }) => Object.values(linears).map(({ weight }) => weight)),
          ...(config.tiedHead ? [] : [head.weight]),
        ]
      : layers.flatMap(({ linears }) =>
          Object.values(linears).flatMap(({ adapter }) => (adapter ? [adapter.a, adapter.b] : [])),
        );
  for (const { label, K, N, shards } of weights) {
    pieces.push({
      name: label,
      shape: [N, K],
      shards: shards.map(({ words, start, count }) => ({ value: words, start, count })),
    });
  }
  for (const { name, value } of parameters.parameters.values()) {
    if (value.shape.length === 1)
      pieces.push({ name, shape: value.shape, shards: [{ value, start: 0, count: value.shape[0]! }] });
  }
  return pieces;
}

/** Reads every trained array, one at a time. */
export async function* readTrained(gpu: Gpu, network: Network): AsyncGenerator<NamedTensor> {
  for (const { name, shape, shards } of piecesOf(network)) {
    if (shape.length === 1) {
      yield { name, shape, data: await gpu.readF32(shards[0]!.value) };
      continue;
    }
    const [N, K] = shape as [number, number];
    const data = new Float32Array(N * K);
    for (const { value, start, count } of shards) {
      const columns = await gpu.readF32(value);
      const stride = strideOf(count);
      for (let k = 0; k < K; k++) {
        for (let n = 0; n < count; n++) data[(start + n) * K + k] = columns[k * stride + n]!;
      }
    }
    yield { name, shape, data };
  }
}

/** The trained state as a checkpoint saves it. */
export interface TrainableState {
  readonly adapter: readonly NamedTensor[];
  readonly optimizer?: Uint8Array;
}

/**
 * Throws when an array is missing or has another shape or length, or the optimizer's state another size: a state of
 * another recipe.
 */
export function checkTrainable(network: Network, { adapter, optimizer }: TrainableState): void {
  const byName = new Map(adapter.map((tensor) => [tensor.name, tensor]));
  for (const { name, shape } of piecesOf(network)) {
    const tensor = byName.get(name);
    const got = tensor?.shape.join(' × ');
    if (got !== shape.join(' × '))
      throw new Error(`${name} is ${got ?? 'missing'} in the checkpoint, the recipe needs ${shape.join(' × ')}`);
    const numbers = shape.reduce((a, b) => a * b, 1);
    if (tensor!.data.length !== numbers)
      throw new Error(`${name} has ${tensor!.data.length} numbers in the checkpoint, ${got} needs ${numbers}`);
  }
  const bytes = optimizerBytes(network);
  if (optimizer && optimizer.byteLength !== bytes) {
    throw new Error(
      `the optimizer state has ${optimizer.byteLength} bytes, this recipe needs ${bytes}: was it made with another adapter?`,
    );
  }
}

/** Writes trained arrays back, bit for bit. They must have been checked. */
export function writeTrained(gpu: Gpu, network: Network, tensors: readonly NamedTensor[]): void {
  const byName = new Map(tensors.map((tensor) => [tensor.name, tensor]));
  for (const { name, shape, shards } of piecesOf(network)) {
    const { data } = byName.get(name)!;
    if (shape.length === 1) {
      gpu.write(shards[0]!.value, data);
      continue;
    }
    const K = shape[1]!;
    for (const { value, start, count } of shards) {
      const stride = strideOf(count);
      const columns = new Float32Array(K * stride);
      for (let k = 0; k < K; k++) {
        for (let n = 0; n < count; n++) columns[k * stride + n] = data[(start + n) * K + k]!;
      }
      gpu.write(value, columns);
    }
  }
}

/**
 * Both moments of every pool and the step count: [steps, m of pool 0, v of pool 0, m of pool 1, …] as f32, steps as u32
 * bits.
 */
export async function readOptimizer(gpu: Gpu, { parameters }: Network, steps: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(optimizerBytes({ parameters }));
  new DataView(bytes.buffer).setUint32(0, steps, true);
  let at = 4;
  for (const { m, v } of parameters.pools) {
    for (const moment of [m, v]) {
      const data = await gpu.readF32(moment);
      bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
      at += data.byteLength;
    }
  }
  return bytes;
}

/** The inverse of readOptimizer, of a state that was checked. Returns the step count. */
export function writeOptimizer(gpu: Gpu, { parameters }: Network, bytes: Uint8Array): number {
  let at = 4;
  for (const { m, v } of parameters.pools) {
    for (const moment of [m, v]) {
      gpu.write(moment, new Float32Array(bytes.slice(at, at + moment.bytes).buffer));
      at += moment.bytes;
    }
  }
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
}

const optimizerBytes = ({ parameters }: Pick<Network, 'parameters'>): number =>
  parameters.pools.reduce((sum, { m, v }) => sum + m.bytes + v.bytes, 4);
