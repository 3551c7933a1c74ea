import grpoLossWgsl from '../../shaders/grpoLoss.wgsl?raw';
import finiteWgsl from '../../shaders/lib/finite.wgsl?raw';
import type { Gpu } from '../gpu/gpu';
import { compile } from '../gpu/kernel';
import type { Recorder } from '../gpu/recorder';
import { dims, type Tensor } from '../gpu/tensor';

export interface GrpoLossOptions {
  readonly rows?: number;
  readonly clipLow: number;
  readonly clipHigh: number;
  /** β of the k3 penalty; at 0 `referenceLogprob` is not read. */
  readonly klCoef: number;
}

/**
 * Per-token clipped policy loss (Schulman et al. 2017; group-relative advantages of Shao et al. 2024) with an optional k3 penalty.
 * Supervised training is the same with advantage 1 and old = NaN. reference/grpoLoss.ts has the plain loops.
 */
export async function grpoLoss(gpu: Gpu) {
  const kernel = await compile(gpu, {
    label: 'grpoLoss',
    source: [finiteWgsl, grpoLossWgsl],
    bindings: {
      logprob: 'read',
      oldLogprob: 'read',
      referenceLogprob: 'read',
      advantage: 'read',
      weight: 'read',
      loss: 'write',
      coefficient: 'write',
      stats: 'write',
    },
    params: { M: 'u32', clip_low: 'f32', clip_high: 'f32', kl_coef: 'f32' },
  });
  const spec = {
    logprob: 'M',
    oldLogprob: 'M',
    referenceLogprob: 'M',
    advantage: 'M',
    weight: 'M',
    loss: 'M',
    coefficient: 'M',
    stats: 'M 3',
  } as const;

  return {
    /**
     * logprob (new), oldLogprob (NaN: on policy), referenceLogprob, advantage, weight, all (M) → loss, coefficient = dloss / dlogprob (M),
     * stats (M, 3) = clipped 0 or 1, k3, |new − old|. Rows of weight 0 become zeros.
     */
    forward(to: Recorder, t: Record<keyof typeof spec, Tensor>, { rows, clipLow, clipHigh, klCoef }: GrpoLossOptions) {
      const n = rows ?? dims(spec, t).M!;
      kernel.record(to, t, { M: n, clip_low: clipLow, clip_high: clipHigh, kl_coef: klCoef }, Math.ceil(n / 64));
    },
  };
}
