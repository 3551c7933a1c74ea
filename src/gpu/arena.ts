import type { Gpu } from './gpu';
import { type ElementType, type Shape, sizeOf, type Tensor, view } from './tensor';

export interface TensorSpec {
  readonly shape: Shape;
  readonly type?: ElementType;
}

/** The tensors of one phase of work, by name. */
export type Layout = Readonly<Record<string, TensorSpec>>;

const bytesOf = ({ shape }: TensorSpec) => Math.max(16, 4 * sizeOf(shape));

const largestFirst = (layout: Layout) => Object.entries(layout).sort(([, a], [, b]) => bytesOf(b) - bytesOf(a));

/**
 * Bytes of each slab when layouts that are never alive together share memory: slab i holds the i-th largest tensor of
 * whichever layout is in use. A slab holds one tensor at a time, so no dispatch can bind one buffer for reading and for
 * writing.
 */
export function slabBytes(layouts: readonly Layout[]): number[] {
  const slabs: number[] = [];
  for (const layout of layouts) {
    largestFirst(layout).forEach(([, spec], i) => {
      slabs[i] = Math.max(slabs[i] ?? 0, bytesOf(spec));
    });
  }
  return slabs;
}

export type Tensors<L extends Layout> = { readonly [K in keyof L]: Tensor };

/** Allocates the slabs and lays every layout over them. Contents do not survive a change of layout. */
export function allocate<const Ls extends Readonly<Record<string, Layout>>>(
  gpu: Gpu,
  label: string,
  layouts: Ls,
): { tensors: { readonly [K in keyof Ls]: Tensors<Ls[K]> }; release(): void } {
  const slabs = slabBytes(Object.values(layouts)).map((bytes, i) => gpu.buffer(`${label} slab ${i}`, bytes));
  const tensors = Object.fromEntries(
    Object.entries(layouts).map(([phase, layout]) => [
      phase,
      Object.fromEntries(
        largestFirst(layout).map(([name, spec], i) => [
          name,
          view(`${phase}.${name}`, spec.shape, slabs[i]!, { type: spec.type ?? 'f32' }),
        ]),
      ),
    ]),
  );
  return {
    tensors: tensors as { readonly [K in keyof Ls]: Tensors<Ls[K]> },
    release: () => {
      for (const slab of slabs) gpu.release(slab);
    },
  };
}
