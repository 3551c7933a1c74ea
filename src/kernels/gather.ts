import backwardWgsl from '../../shaders/gather.backward.wgsl?raw';
import forwardWgsl from '../../shaders/gather.forward.wgsl?raw';
import gridWgsl from '../../shaders/lib/grid.wgsl?raw';
import type { Gpu } from '../gpu/gpu';
import { grid } from '../gpu/grid';
import { compile } from '../gpu/kernel';
import type { Recorder } from '../gpu/recorder';
import { dims, type Tensor } from '../gpu/tensor';

/** Picks rows by index and adds gradients back to them. reference/gather.ts has the plain loops. */
export async function gather(gpu: Gpu) {
  const params = { M: 'u32', C: 'u32' } as const;
  const forward = await compile(gpu, {
    label: 'gather.forward',
    source: [gridWgsl, forwardWgsl],
    bindings: { x: 'read', index: 'read', y: 'write' },
    params,
  });
  const backward = await compile(gpu, {
    label: 'gather.backward',
    source: [gridWgsl, backwardWgsl],
    bindings: { dy: 'read', index: 'read', dx: 'accumulate' },
    params,
  });

  return {
    /** x (N, C), index (M) u32 → y (M, C) = x[index]. */
    forward(to: Recorder, t: Record<'x' | 'index' | 'y', Tensor>, { rows }: { rows?: number } = {}) {
      const { M, C } = dims({ x: 'N C', index: 'M', y: 'M C' }, t);
      const n = rows ?? M!;
      forward.record(to, t, { M: n, C: C! }, grid(Math.ceil((n * C!) / 64)), (n * C!) / 2 ** 20);
    },
    /** Adds dy (M, C) to the rows `index` of dx (N, C). The indices in use must be distinct. */
    backward(to: Recorder, t: Record<'dy' | 'index' | 'dx', Tensor>, { rows }: { rows?: number } = {}) {
      const { M, C } = dims({ dy: 'M C', index: 'M', dx: 'N C' }, t);
      const n = rows ?? M!;
      backward.record(to, t, { M: n, C: C! }, grid(Math.ceil((n * C!) / 64)), (n * C!) / 2 ** 20);
    },
  };
}
