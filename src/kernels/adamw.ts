import adamwWgsl from '../../shaders/adamw.wgsl?raw';
import gridWgsl from '../../shaders/lib/grid.wgsl?raw';
import type { Gpu } from '../gpu/gpu';
import { grid } from '../gpu/grid';
import { compile } from '../gpu/kernel';
import type { Recorder } from '../gpu/recorder';
import { dims, type Tensor } from '../gpu/tensor';

export interface AdamwOptions {
  readonly learningRate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly eps: number;
  /** Decoupled: each step keeps 1 − learningRate · weightDecay of a parameter. */
  readonly weightDecay: number;
  /** 1 for the first. */
  readonly step: number;
}

const PER_WORKGROUP = 256;

/** One step of AdamW over a pooled buffer, in one dispatch. reference/adamw.ts has the plain loop. */
export async function adamw(gpu: Gpu) {
  const kernel = await compile(gpu, {
    label: 'adamw',
    source: [gridWgsl, adamwWgsl],
    bindings: { parameter: 'update', grad: 'update', m: 'update', v: 'update', scale: 'read' },
    params: {
      n: 'u32',
      keep: 'f32',
      beta1: 'f32',
      rest1: 'f32',
      beta2: 'f32',
      rest2: 'f32',
      step_size: 'f32',
      correction2: 'f32',
      eps: 'f32',
    },
  });

  return {
    /**
     * Updates parameter, m, v (n), zeroes grad (n). `scale` (4) is gradNorm's; where it says "not finite", nothing at
     * all changes.
     */
    forward(
      to: Recorder,
      t: Record<'parameter' | 'grad' | 'm' | 'v' | 'scale', Tensor>,
      { learningRate, beta1, beta2, eps, weightDecay, step }: AdamwOptions,
    ) {
      const { n } = dims({ parameter: 'n', grad: 'n', m: 'n', v: 'n', scale: '4' }, t);
      const params = {
        n: n!,
        keep: 1 - learningRate * weightDecay,
        beta1,
        rest1: 1 - beta1,
        beta2,
        rest2: 1 - beta2,
        step_size: learningRate / (1 - beta1 ** step),
        correction2: 1 / Math.sqrt(1 - beta2 ** step),
        eps,
      };
      kernel.record(to, t, params, grid(Math.ceil(n! / PER_WORKGROUP)), (4 * n!) / 2 ** 20);
    },
  };
}
