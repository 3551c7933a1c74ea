export interface GrpoInputs {
  readonly logprob: ArrayLike<number>;
  /** NaN: on policy. */
  readonly oldLogprob: ArrayLike<number>;
  readonly referenceLogprob: ArrayLike<number>;
  readonly advantage: ArrayLike<number>;
  readonly weight: ArrayLike<number>;
}

/** Each token's loss, dloss / dlogprob and stats (M, 3) = (clipped, k3, |new − old|), as the equations at the head of grpoLoss.wgsl. */
export function grpoLossForward(t: GrpoInputs, clipLow: number, clipHigh: number, klCoef: number) {
  const M = t.logprob.length;
  const loss = new Float64Array(M);
  const coefficient = new Float64Array(M);
  const stats = new Float64Array(3 * M);
  for (let m = 0; m < M; m++) {
    const [w, a, now] = [t.weight[m]!, t.advantage[m]!, t.logprob[m]!];
    if (w === 0) continue;
    const old = Number.isNaN(t.oldLogprob[m]!) ? now : t.oldLogprob[m]!;
    const ratio = Math.exp(now - old);
    const kept = Math.min(Math.max(ratio, 1 - clipLow), 1 + clipHigh);
    const clipped = (ratio < 1 - clipLow && a < 0) || (ratio > 1 + clipHigh && a > 0);
    const gap = klCoef > 0 ? t.referenceLogprob[m]! - now : 0;
    const k3 = Math.exp(gap) - gap - 1;
    loss[m] = w * (Math.max(-ratio * a, -kept * a) + klCoef * k3);
    coefficient[m] = w * ((clipped ? 0 : -ratio * a) + klCoef * (1 - Math.exp(gap)));
    stats.set([clipped ? 1 : 0, k3, Math.abs(now - old)], 3 * m);
  }
  return { loss, coefficient, stats };
}
