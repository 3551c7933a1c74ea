import type { Gpu } from '../gpu/gpu';
import { type Shape, sizeOf, type Tensor, view } from '../gpu/tensor';

const ALIGN = 64; // elements: bindings start on the 256-byte grid

/** A trainable array and everything that training keeps beside it. */
export interface Parameter {
  readonly name: string;
  readonly value: Tensor;
  readonly grad: Tensor;
}

/**
 * One run of memory per kind, so that norm, clip and AdamW take one dispatch per pool whatever the number of
 * parameters.
 */
export interface Pool {
  /** AdamW decays matrices, not norm weights, as the Hugging Face trainer does. */
  readonly decay: boolean;
  readonly value: Tensor; // (n)
  readonly grad: Tensor; // (n)
  readonly m: Tensor; // (n) first moment
  readonly v: Tensor; // (n) second moment
}

export interface ParameterSpec {
  readonly name: string;
  readonly shape: Shape;
  readonly decay: boolean;
}

/**
 * Element ranges: which pool each parameter lies in, and where. A pool is at most `maxBytes`. Throws when one parameter
 * alone is larger.
 */
export function layOut(specs: readonly ParameterSpec[], maxBytes: number) {
  const pools: { decay: boolean; length: number }[] = [];
  const places = specs.map(({ name, shape, decay }) => {
    const length = Math.ceil(sizeOf(shape) / ALIGN) * ALIGN;
    if (4 * length > maxBytes)
      throw new Error(`${name}: ${4 * length} bytes are more than one binding may have (${maxBytes})`);
    let index = pools.findLastIndex((pool) => pool.decay === decay);
    if (index < 0 || 4 * (pools[index]!.length + length) > maxBytes) index = pools.push({ decay, length: 0 }) - 1;
    const start = pools[index]!.length;
    pools[index]!.length += length;
    return { pool: index, start };
  });
  return { pools, places };
}

/** Bytes of values, gradients and both moments: f32 each. */
export const poolBytes = (specs: readonly ParameterSpec[], maxBytes: number): number =>
  layOut(specs, maxBytes).pools.reduce((sum, { length }) => sum + 16 * length, 0);

/** Allocates the pools, all zero, and a view of each parameter. */
export function allocateParameters(gpu: Gpu, specs: readonly ParameterSpec[]) {
  const { pools: sizes, places } = layOut(specs, gpu.facts.maxBindingBytes);
  const pools: Pool[] = sizes.map(({ decay, length }, i) => {
    const make = (kind: string) => gpu.tensor(`parameters ${i} ${kind}`, [length]);
    return { decay, value: make('value'), grad: make('grad'), m: make('m'), v: make('v') };
  });
  const parameters = new Map<string, Parameter>();
  specs.forEach(({ name, shape }, i) => {
    const { pool, start } = places[i]!;
    const { value, grad } = pools[pool]!;
    parameters.set(name, {
      name,
      value: view(name, shape, value.buffer, { offset: 4 * start }),
      grad: view(`d ${name}`, shape, grad.buffer, { offset: 4 * start }),
    });
  });
  return {
    pools: pools as readonly Pool[],
    parameters: parameters as ReadonlyMap<string, Parameter>,
    release() {
      for (const { value, grad, m, v } of pools) for (const tensor of [value, grad, m, v]) gpu.release(tensor.buffer);
    },
  };
}

export type Parameters = ReturnType<typeof allocateParameters>;
