import gridWgsl from '../../shaders/lib/grid.wgsl?raw';
import residualWgsl from '../../shaders/residual.wgsl?raw';
import type { Gpu } from '../gpu/gpu';
import { grid } from '../gpu/grid';
import { compile } from '../gpu/kernel';
import type { Recorder } from '../gpu/recorder';
import { dims, type Tensor } from '../gpu/tensor';

const WORKGROUP = 64;

/** y += x. Its backward is the same sum of gradients. */
export async function residual(gpu: Gpu) {
  const add = await compile(gpu, {
    label: 'residual',
    source: [gridWgsl, residualWgsl],
    bindings: { x: 'read', y: 'accumulate' },
    params: { size: 'u32' },
  });

  return {
    /** Adds x (N, C) to y (N, C). */
    forward(to: Recorder, t: Record<'x' | 'y', Tensor>, { rows }: { rows?: number } = {}) {
      const { N, C } = dims({ x: 'N C', y: 'N C' }, t);
      const size = (rows ?? N!) * C!;
      add.record(to, t, { size }, grid(Math.ceil(size / WORKGROUP)));
    },
  };
}
