import grpoLossWgsl from '../../shaders/grpoLoss.wgsl?raw';
import finiteWgsl from '../../shaders/lib/finite.wgsl?raw';
import { LOSS_TYPES, type LossConfig, POLICIES } from '../domain/recipe/loss';
import type { Gpu } from '../gpu/gpu';
import { compile } from '../gpu/kernel';
import type { Recorder } from '../gpu/recorder';
import { dims, type Tensor } from '../gpu/tensor';

/** How a token's loss is made: `grpo`, no cap and k3 unless said. At klCoef 0 `referenceLogprob` is not read. */
export type TokenLoss = Pick<LossConfig, 'clipLow' | 'clipHigh' | 'klCoef'> &
  Partial<Pick<LossConfig, 'type' | 'clipCap' | 'klKind'>>;

const KL_KIND = { k1: 1, k2: 2, k3: 3, lowVar: 4 } as const;
const LARGEST = 3.4028234e38;

/**
 * Per-token policy loss with group-relative advantages: clipped (Schulman et al. 2017; Shao et al. 2024), with one
 * ratio per answer (GSPO), or weighted by a capped ratio (CISPO), and an optional KL penalty. How tokens are averaged
 * is in their weights. Supervised training is the same with advantage 1 and old = NaN. reference/grpoLoss.ts has the
 * plain loops.
 */
export async function grpoLoss(gpu: Gpu) {
  const kernel = await compile(gpu, {
    label: 'grpoLoss',
    source: [finiteWgsl, grpoLossWgsl],
    bindings: {
      logprob: 'read',
      oldLogprob: 'read',
      sequenceLogRatio: 'read',
      referenceLogprob: 'read',
      advantage: 'read',
      weight: 'read',
      coefficient: 'write',
      stats: 'write',
    },
    params: {
      M: 'u32',
      sequence_ratio: 'u32',
      policy: 'u32',
      kl_kind: 'u32',
      clip_low: 'f32',
      clip_high: 'f32',
      clip_cap: 'f32',
      kl_coef: 'f32',
    },
  });
  const spec = {
    logprob: 'M',
    oldLogprob: 'M',
    sequenceLogRatio: 'M',
    referenceLogprob: 'M',
    advantage: 'M',
    weight: 'M',
    coefficient: 'M',
    stats: 'M 4',
  } as const;

  return {
    /**
     * logprob (new), oldLogprob (NaN: on policy), sequenceLogRatio (read for one ratio per answer only),
     * referenceLogprob, advantage, weight, all (M) → coefficient = dloss / dlogprob (M), stats (M, 4) = loss, clipped 0
     * or 1, KL estimate, |new − old|. Rows of weight 0 become zeros.
     */
    forward(
      to: Recorder,
      t: Record<keyof typeof spec, Tensor>,
      { rows, type = 'grpo', klKind = 'k3', clipLow, clipHigh, clipCap, klCoef }: TokenLoss & { rows?: number },
    ) {
      const lossType = LOSS_TYPES[type];
      const n = rows ?? dims(spec, t).M!;
      const params = {
        M: n,
        sequence_ratio: lossType.ratio === 'answer' ? 1 : 0,
        policy: POLICIES.indexOf(lossType.policy),
        kl_kind: KL_KIND[klKind],
        clip_low: clipLow,
        clip_high: clipHigh,
        clip_cap: clipCap ?? LARGEST,
        kl_coef: klCoef,
      };
      kernel.record(to, t, params, Math.ceil(n / 64));
    },
  };
}
