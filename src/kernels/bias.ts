import backwardWgsl from '../../shaders/bias.backward.wgsl?raw';
import forwardWgsl from '../../shaders/bias.forward.wgsl?raw';
import gridWgsl from '../../shaders/lib/grid.wgsl?raw';
import type { Gpu } from '../gpu/gpu';
import { grid } from '../gpu/grid';
import { compile } from '../gpu/kernel';
import type { Recorder } from '../gpu/recorder';
import { dims, type Tensor } from '../gpu/tensor';
import { reduction } from './reduction';
import { compileWidths } from './weights/valueWidth';

const WORKGROUP = 64;

/** The bias of a projection. reference/bias.ts has the plain loops. */
export async function bias(gpu: Gpu) {
  const add = await compileWidths(gpu, {
    label: 'bias.forward',
    source: [gridWgsl, forwardWgsl],
    bindings: { bias: 'read', y: 'accumulate' },
    params: { N: 'u32', C: 'u32' },
  });
  const { wgsl: reduceWgsl, settings } = reduction(gpu.facts, gpu.facts.software ? 8 : 64);
  const sum = await compile(gpu, {
    label: 'bias.backward',
    source: [reduceWgsl, backwardWgsl],
    bindings: { dy: 'read', dbias: 'accumulate' },
    params: { N: 'u32', C: 'u32' },
    ...settings,
  });

  return {
    /** Adds bias (C) to each row of y (N, C). */
    forward(to: Recorder, t: Record<'bias' | 'y', Tensor>, { rows }: { rows?: number } = {}) {
      const { N, C } = dims({ bias: 'C', y: 'N C' }, t);
      const { kernel, values } = add(C!);
      kernel.record(to, t, { N: rows ?? N!, C: values }, grid(Math.ceil(((rows ?? N!) * values) / WORKGROUP)));
    },
    /** Adds the sum of the rows of dy (N, C) to dbias (C). Only full fine-tuning needs it. */
    backward(to: Recorder, t: Record<'dy' | 'dbias', Tensor>, { rows }: { rows?: number } = {}) {
      const { N, C } = dims({ dy: 'N C', dbias: 'C' }, t);
      sum.record(to, t, { N: rows ?? N!, C: C! }, C!);
    },
  };
}
