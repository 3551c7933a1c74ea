import gridWgsl from '../../shaders/lib/grid.wgsl?raw';
import sigmoidWgsl from '../../shaders/lib/sigmoid.wgsl?raw';
import type { Gpu } from '../gpu/gpu';
import { grid } from '../gpu/grid';
import type { Recorder } from '../gpu/recorder';
import { dims, type Tensor } from '../gpu/tensor';
import { compileWidths } from './weights/valueWidth';

const WORKGROUP = 64;

/** A gated unit of the feed-forward, y = act(gate) · up, from the WGSL of an activation. */
export async function gatedUnit(gpu: Gpu, name: string, forwardWgsl: string, backwardWgsl: string) {
  const forward = await compileWidths(gpu, {
    label: `${name}.forward`,
    source: [gridWgsl, sigmoidWgsl, forwardWgsl],
    bindings: { gate: 'read', up: 'read', y: 'write' },
    params: { size: 'u32' },
  });
  const backward = await compileWidths(gpu, {
    label: `${name}.backward`,
    source: [gridWgsl, sigmoidWgsl, backwardWgsl],
    bindings: { dy: 'read', gate: 'read', up: 'read', dgate: 'write', dup: 'write' },
    params: { size: 'u32' },
  });

  return {
    /** gate, up (N, F) → y (N, F). */
    forward(to: Recorder, t: Record<'gate' | 'up' | 'y', Tensor>, { rows }: { rows?: number } = {}) {
      const { N, F } = dims({ gate: 'N F', up: 'N F', y: 'N F' }, t);
      const { kernel, values } = forward((rows ?? N!) * F!);
      kernel.record(to, t, { size: values }, grid(Math.ceil(values / WORKGROUP)));
    },
    /** Writes dgate and dup, both (N, F). */
    backward(
      to: Recorder,
      t: Record<'dy' | 'gate' | 'up' | 'dgate' | 'dup', Tensor>,
      { rows }: { rows?: number } = {},
    ) {
      const { N, F } = dims({ dy: 'N F', gate: 'N F', up: 'N F', dgate: 'N F', dup: 'N F' }, t);
      const { kernel, values } = backward((rows ?? N!) * F!);
      kernel.record(to, t, { size: values }, grid(Math.ceil(values / WORKGROUP)));
    },
  };
}
