export type Shape = readonly number[];
export type ElementType = 'f32' | 'u32';

/** A named, row-major array of 4-byte elements on the GPU: a view of `bytes` bytes of `buffer` from `offset`. */
export interface Tensor {
  /** Unique for the life of the process; bind groups are cached by it. */
  readonly id: number;
  readonly label: string;
  readonly shape: Shape;
  readonly type: ElementType;
  readonly buffer: GPUBuffer;
  /** In bytes, a multiple of 256. */
  readonly offset: number;
  /** In bytes: what a binding covers. */
  readonly bytes: number;
}

export const sizeOf = (shape: Shape): number => shape.reduce((a, b) => a * b, 1);

let nextId = 1;

/** A view of a buffer as a tensor. Throws if it does not fit or starts off the 256-byte grid of bindings. */
export function view(
  label: string,
  shape: Shape,
  buffer: GPUBuffer,
  { offset = 0, type = 'f32' }: { offset?: number; type?: ElementType } = {},
): Tensor {
  const bytes = Math.max(4, 4 * sizeOf(shape));
  if (offset % 256 !== 0) throw new Error(`${label}: offset ${offset} is not a multiple of 256 bytes`);
  if (offset + bytes > buffer.size) {
    throw new Error(`${label}: (${shape.join(', ')}) needs ${offset + bytes} bytes, its buffer has ${buffer.size}`);
  }
  return { id: nextId++, label, shape, type, buffer, offset, bytes };
}

/**
 * Binds dimension letters to sizes and rejects disagreement:
 *   dims({ x: 'N C', weight: 'C' }, { x, weight })  →  { N: 6, C: 40 }
 */
export function dims<K extends string>(spec: Record<K, string>, tensors: Record<K, Tensor>): Record<string, number> {
  const bound: Record<string, number> = {};
  for (const name of Object.keys(spec) as K[]) {
    const letters = spec[name].split(' ');
    const { shape } = tensors[name];
    if (letters.length !== shape.length) {
      throw new Error(`${name}: expected (${letters.join(', ')}), got (${shape.join(', ')})`);
    }
    letters.forEach((letter, axis) => {
      const size = shape[axis]!;
      bound[letter] ??= size;
      if (bound[letter] !== size) throw new Error(`${name}: ${letter} is ${size} here but ${bound[letter]} elsewhere`);
    });
  }
  return bound;
}
