/**
 * Soft rubric reward in plain f64 loops: Σ points · p(met) / Σ positive points, with p(met) the softmax of the verdict
 * tokens' logits, summed over the tokens that spell true, against those that spell false.
 */
export function softReward(
  criteria: readonly {
    readonly points: number;
    /** (V) logits where the verdict stands. */
    readonly logits: readonly number[];
  }[],
  whenTrue: readonly number[],
  whenFalse: readonly number[],
): number {
  let met = 0;
  let possible = 0;
  for (const { points, logits } of criteria) {
    const largest = Math.max(...whenTrue.map((token) => logits[token]!), ...whenFalse.map((token) => logits[token]!));
    let yes = 0;
    let no = 0;
    for (const token of whenTrue) yes += Math.exp(logits[token]! - largest);
    for (const token of whenFalse) no += Math.exp(logits[token]! - largest);
    met += (points * yes) / (yes + no);
    if (points > 0) possible += points;
  }
  return met / possible;
}
