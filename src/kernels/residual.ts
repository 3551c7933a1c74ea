import gridWgsl from '../../shaders/lib/grid.wgsl?raw';
import residualWgsl from '../../shaders/residual.wgsl?raw';
import type { Gpu } from '../gpu/gpu';
import { grid } from '../gpu/grid';
import type { Recorder } from '../gpu/recorder';
import { dims, type Tensor } from '../gpu/tensor';
import { compileWidths } from './weights/valueWidth';

const WORKGROUP = 64;

/** y += x. Its backward is the same sum of gradients. */
export async function residual(gpu: Gpu) {
  const add = await compileWidths(gpu, {
    label: 'residual',
    source: [gridWgsl, residualWgsl],
    bindings: { x: 'read', y: 'accumulate' },
    params: { size: 'u32' },
  });

  return {
    /** Adds x (N, C) to y (N, C). */
    forward(to: Recorder, t: Record<'x' | 'y', Tensor>, { rows }: { rows?: number } = {}) {
      const { N, C } = dims({ x: 'N C', y: 'N C' }, t);
      const { kernel, values } = add((rows ?? N!) * C!);
      kernel.record(to, t, { size: values }, grid(Math.ceil(values / WORKGROUP)));
    },
  };
}
