import { LOSS_TYPES, type LossConfig, type LossType } from '../domain/recipe/loss';

export interface GrpoInputs {
  readonly logprob: ArrayLike<number>;
  /** NaN: on policy. */
  readonly oldLogprob: ArrayLike<number>;
  /** With one ratio per answer only: the answer's mean log ratio, from sequenceRatio. */
  readonly sequenceLogRatio?: ArrayLike<number>;
  readonly referenceLogprob: ArrayLike<number>;
  readonly advantage: ArrayLike<number>;
  readonly weight: ArrayLike<number>;
}

export type GrpoOptions = Pick<LossConfig, 'clipLow' | 'clipHigh' | 'klCoef'> &
  Partial<Pick<LossConfig, 'type' | 'clipCap' | 'klKind'>>;

/**
 * Each token's dloss / dlogprob and stats (M, 4) = (loss, clipped, KL, |new − old|), as the equations at the head of
 * grpoLoss.wgsl.
 */
export function grpoLossForward(t: GrpoInputs, options: GrpoOptions) {
  const { klCoef, klKind = 'k3', type = 'grpo' } = options;
  const lossType = LOSS_TYPES[type];
  const M = t.logprob.length;
  const coefficient = new Float64Array(M);
  const stats = new Float64Array(4 * M);
  for (let m = 0; m < M; m++) {
    const [w, a, now] = [t.weight[m]!, t.advantage[m]!, t.logprob[m]!];
    if (w === 0) continue;
    const old = Number.isNaN(t.oldLogprob[m]!) ? now : t.oldLogprob[m]!;
    const ratio = Math.exp(lossType.ratio === 'answer' ? t.sequenceLogRatio![m]! : now - old);
    const policy = POLICY_TERMS[lossType.policy](ratio, a, now, options);
    const kl = klCoef > 0 ? klTerm(klKind, now - t.referenceLogprob[m]!) : { value: 0, slope: 0 };
    coefficient[m] = w * (policy.slope + klCoef * kl.slope);
    stats.set([w * (policy.value + klCoef * kl.value), policy.clipped ? 1 : 0, kl.value, Math.abs(now - old)], 4 * m);
  }
  return { coefficient, stats };
}

/** The sum of the losses in stats (M, 4). */
export function totalLoss(stats: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < stats.length; i += 4) sum += stats[i]!;
  return sum;
}

/** −min(min(ratio, cap) · A, clip(ratio, 1 − low, 1 + high) · A). */
function clipped(ratio: number, a: number, _: number, { clipLow, clipHigh, clipCap }: GrpoOptions) {
  const reached = Math.min(ratio, clipCap ?? Number.POSITIVE_INFINITY);
  const kept = Math.min(Math.max(ratio, 1 - clipLow), 1 + clipHigh);
  const follows = reached * a <= kept * a ? reached === ratio : kept === ratio;
  return {
    value: -Math.min(reached * a, kept * a),
    slope: follows ? -ratio * a : 0,
    clipped: (reached < 1 - clipLow && a < 0) || (reached > 1 + clipHigh && a > 0),
  };
}

/** −c · A · new, with c = min(ratio, high) without a gradient of its own. */
function capped(ratio: number, a: number, now: number, { clipHigh }: GrpoOptions) {
  const slope = -Math.min(ratio, clipHigh) * a;
  return { value: slope * now, slope, clipped: ratio > clipHigh && a > 0 };
}

const POLICY_TERMS = { clipped, weighted: capped } satisfies Record<LossType['policy'], typeof clipped>;

/**
 * Estimate of the KL divergence from d = new − reference (Schulman 2020, "Approximating KL divergence"), and its
 * derivative.
 */
export function klTerm(kind: LossConfig['klKind'], d: number): { value: number; slope: number } {
  if (kind === 'k1') return { value: d, slope: 1 };
  if (kind === 'k2') return { value: d ** 2 / 2, slope: d };
  const k3 = Math.exp(-d) - 1 + d;
  if (kind === 'lowVar' && k3 > 10) return { value: 10, slope: 0 };
  return { value: k3, slope: 1 - Math.exp(-d) };
}
