/** Of each row of logits (M, V) / temperature: logprob of target (M), log-sum-exp and entropy in nats. */
export function logprobForward(logits: Float64Array, target: ArrayLike<number>, temperature: number) {
  const M = target.length;
  const V = logits.length / M;
  const logprob = new Float64Array(M);
  const lse = new Float64Array(M);
  const entropy = new Float64Array(M);
  for (let m = 0; m < M; m++) {
    const row = logits.subarray(m * V, (m + 1) * V).map((logit) => logit / temperature);
    let highest = Number.NEGATIVE_INFINITY;
    for (const logit of row) highest = Math.max(highest, logit);
    let mass = 0;
    for (const logit of row) mass += Math.exp(logit - highest);
    lse[m] = highest + Math.log(mass);
    logprob[m] = row[target[m]!]! - lse[m]!;
    entropy[m] = lse[m]!;
    for (const logit of row) entropy[m]! -= Math.exp(logit - lse[m]!) * logit;
  }
  return { logprob, lse, entropy };
}

/** What an entropy bonus takes from the loss: weight · Σ of entropy over the rows whose own weight is not 0. */
export interface EntropyBonus {
  /** (M) */
  readonly entropy: Float64Array;
  /** (M) */
  readonly rowWeight: ArrayLike<number>;
  readonly weight: number;
}

/** dlogits (M, V) = (coefficient · (onehot(target) − p) + bonus · p · (log p + H)) / temperature. */
export function logprobBackward(
  logits: Float64Array,
  target: ArrayLike<number>,
  lse: Float64Array,
  coefficient: Float64Array,
  temperature: number,
  bonus?: EntropyBonus,
): Float64Array {
  const M = target.length;
  const V = logits.length / M;
  return logits.map((logit, i) => {
    const m = Math.floor(i / V);
    const forEntropy = bonus && bonus.rowWeight[m] !== 0 ? bonus.weight : 0;
    if (coefficient[m] === 0 && forEntropy === 0) return 0;
    const logp = logit / temperature - lse[m]!;
    const p = Math.exp(logp);
    const chosen = coefficient[m]! * ((i % V === target[m] ? 1 : 0) - p);
    const spread = forEntropy === 0 ? 0 : forEntropy * p * (logp + bonus!.entropy[m]!);
    return (chosen + spread) / temperature;
  });
}
