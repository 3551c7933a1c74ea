import finishWgsl from '../../shaders/gradNorm.finish.wgsl?raw';
import forwardWgsl from '../../shaders/gradNorm.forward.wgsl?raw';
import finiteWgsl from '../../shaders/lib/finite.wgsl?raw';
import type { Gpu } from '../gpu/gpu';
import { compile } from '../gpu/kernel';
import type { Recorder } from '../gpu/recorder';
import { dims, type Tensor } from '../gpu/tensor';
import { reduction } from './reduction';

/**
 * A good number of partial sums for a pooled buffer of `n` gradients: a multiple of 64, so that slices start on the
 * binding grid.
 */
export const partialsFor = (n: number): number => 64 * Math.min(8, Math.max(1, Math.ceil(n / 2 ** 20)));

/**
 * Norm of all gradients and the scale that clips it, left on the GPU. `forward` once per pooled buffer, each into its
 * own slice of one buffer of partial sums; then `finish` over all of them. reference/gradNorm.ts has the plain loops.
 */
export async function gradNorm(gpu: Gpu) {
  const { wgsl: reduceWgsl, settings } = reduction(gpu.facts, gpu.facts.software ? 8 : 256);
  const forward = await compile(gpu, {
    label: 'gradNorm.forward',
    source: [reduceWgsl, forwardWgsl],
    bindings: { grad: 'read', partial: 'write' },
    params: { n: 'u32', P: 'u32' },
    ...settings,
  });
  const finish = await compile(gpu, {
    label: 'gradNorm.finish',
    source: [reduceWgsl, finiteWgsl, finishWgsl],
    bindings: { partial: 'read', scale: 'write' },
    params: { P: 'u32', max_norm: 'f32' },
    ...settings,
  });

  return {
    /** grad (n) → partial (P) sums of squares; P is at most 65,535 (see `partialsFor`). */
    forward(to: Recorder, t: Record<'grad' | 'partial', Tensor>) {
      const { n, P } = dims({ grad: 'n', partial: 'P' }, t);
      forward.record(to, t, { n: n!, P: P! }, P!, n! / 2 ** 20);
    },
    /**
     * partial (P), of all pooled buffers → scale (4) = norm, min(1, maxGradNorm / (norm + 1e-6)), 1 if finite else 0,
     * 0.
     */
    finish(to: Recorder, t: Record<'partial' | 'scale', Tensor>, { maxGradNorm }: { maxGradNorm: number }) {
      const { P } = dims({ partial: 'P', scale: '4' }, t);
      finish.record(to, t, { P: P!, max_norm: maxGradNorm }, 1);
    },
  };
}
