import gridWgsl from '../../shaders/lib/grid.wgsl?raw';
import backwardWgsl from '../../shaders/rmsNorm.backward.wgsl?raw';
import forwardWgsl from '../../shaders/rmsNorm.forward.wgsl?raw';
import weightWgsl from '../../shaders/rmsNorm.weight.wgsl?raw';
import type { Gpu } from '../gpu/gpu';
import { grid } from '../gpu/grid';
import { compile } from '../gpu/kernel';
import type { Recorder } from '../gpu/recorder';
import { dims, type Tensor } from '../gpu/tensor';
import { reduction } from './reduction';
import { compileWidths } from './weights/valueWidth';

/**
 * Root mean square normalisation of rows of C channels (Zhang & Sennrich 2019, arXiv 1910.07467): y = x · rstd ·
 * weight. Also the q/k norm of Qwen3, with a head as the row. `rows` limits the work to the first rows of larger
 * tensors. reference/rmsNorm.ts has the plain loops.
 */
export async function rmsNorm(gpu: Gpu) {
  // One subgroup where barriers are dear, a whole row's worth of lanes where they are not.
  const { wgsl: reduceWgsl, settings } = reduction(gpu.facts, gpu.facts.software ? 8 : 64);
  const forward = await compileWidths(gpu, {
    label: 'rmsNorm.forward',
    source: [reduceWgsl, gridWgsl, forwardWgsl],
    bindings: { x: 'read', weight: 'read', y: 'write', rstd: 'write' },
    params: { N: 'u32', C: 'u32', eps: 'f32' },
    ...settings,
  });
  const inputGrad = await compileWidths(gpu, {
    label: 'rmsNorm.backward',
    source: [reduceWgsl, gridWgsl, backwardWgsl],
    bindings: { dy: 'read', x: 'read', weight: 'read', rstd: 'read', dx: 'accumulate' },
    params: { N: 'u32', C: 'u32' },
    ...settings,
  });
  const weightGrad = await compile(gpu, {
    label: 'rmsNorm.weight',
    source: [reduceWgsl, weightWgsl],
    bindings: { dy: 'read', x: 'read', rstd: 'read', dweight: 'accumulate' },
    params: { N: 'u32', C: 'u32' },
    ...settings,
  });

  return {
    /** x (N, C), weight (C) → y (N, C), rstd (N). */
    forward(
      to: Recorder,
      t: Record<'x' | 'weight' | 'y' | 'rstd', Tensor>,
      { eps, rows }: { eps: number; rows?: number },
    ) {
      const { N, C } = dims({ x: 'N C', weight: 'C', y: 'N C', rstd: 'N' }, t);
      const { kernel, values } = forward(C!);
      kernel.record(to, t, { N: rows ?? N!, C: values, eps }, grid(rows ?? N!));
    },
    /** Adds to dx (N, C). */
    backward(to: Recorder, t: Record<'dy' | 'x' | 'weight' | 'rstd' | 'dx', Tensor>, { rows }: { rows?: number } = {}) {
      const { N, C } = dims({ dy: 'N C', x: 'N C', weight: 'C', rstd: 'N', dx: 'N C' }, t);
      const { kernel, values } = inputGrad(C!);
      kernel.record(to, t, { N: rows ?? N!, C: values }, grid(rows ?? N!));
    },
    /** Adds to dweight (C). Only full fine-tuning needs it. */
    weightBackward(to: Recorder, t: Record<'dy' | 'x' | 'rstd' | 'dweight', Tensor>, { rows }: { rows?: number } = {}) {
      const { N, C } = dims({ dy: 'N C', x: 'N C', rstd: 'N', dweight: 'C' }, t);
      weightGrad.record(to, t, { N: rows ?? N!, C: C! }, C!);
    },
  };
}
