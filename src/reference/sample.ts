export interface SampleOptions {
  readonly temperature: number;
  readonly topK: number;
  readonly topP: number;
  readonly minP: number;
  readonly repetitionPenalty: number;
}

/**
 * One draw from a row of logits, by sorting. Tokens in `seen` are penalised first; logprob and entropy are those
 * without penalty and filters. The scaled logits are rounded to f32 step by step, as the kernel holds them, so that
 * ties are the same ones; everything after that is f64. `u` is the random number in [0, 1).
 */
export function sampleReference(logits: Float32Array, seen: ReadonlySet<number>, o: SampleOptions, u: number) {
  const f = Math.fround;
  const scaled = Float64Array.from(logits, (logit, v) => {
    const penalty = logit > 0 ? f(1 / o.repetitionPenalty) : f(o.repetitionPenalty);
    const penalised = seen.has(v) ? f(logit * penalty) : logit;
    return o.temperature === 0 ? penalised : f(penalised * f(1 / o.temperature));
  });
  const top = scaled.reduce((a, b) => Math.max(a, b));
  const weight = scaled.map((x) => Math.exp(x - top));

  // Best first, the lower index first among equals.
  let kept = [...scaled.keys()].sort((a, b) => scaled[b]! - scaled[a]! || a - b);
  if (o.temperature === 0) kept = kept.slice(0, 1);
  else {
    if (o.topK > 0) kept = kept.slice(0, o.topK);
    if (o.topP < 1) {
      const goal = f(o.topP) * kept.reduce((sum, v) => sum + weight[v]!, 0);
      let sum = 0;
      let count = 0;
      while (count < kept.length && sum < goal) sum += weight[kept[count++]!]!;
      kept = kept.slice(0, count);
    }
    if (o.minP > 0) kept = kept.filter((v) => scaled[v]! >= f(top + f(Math.log(o.minP))));
  }
  kept.sort((a, b) => a - b);

  const total = kept.reduce((sum, v) => sum + weight[v]!, 0);
  /** Upper end of each kept token's share of [0, 1), in index order. */
  let running = 0;
  const cumulative = kept.map((v) => {
    running += weight[v]!;
    return running / total;
  });
  const drawn = cumulative.findIndex((end) => end > u);
  const token = kept[drawn < 0 ? kept.length - 1 : drawn]!;
  const { logprobOf, entropy } = logSoftmax(
    Float64Array.from(logits, (logit) => (o.temperature === 0 ? logit : f(logit * f(1 / o.temperature)))),
  );
  return { kept, cumulative, token, logprob: logprobOf(token), logprobOf, entropy };
}

function logSoftmax(row: Float64Array) {
  const top = row.reduce((a, b) => Math.max(a, b));
  const weight = row.map((x) => Math.exp(x - top));
  const mass = weight.reduce((a, b) => a + b);
  const lse = top + Math.log(mass);
  const entropy = lse - row.reduce((sum, x, v) => sum + (weight[v]! / mass) * x, 0);
  return { logprobOf: (v: number) => row[v]! - lse, entropy };
}
