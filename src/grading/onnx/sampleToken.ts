import type { Sampling } from '../../domain/recipe/sampling';

export interface SampledToken {
  readonly token: number;
  /** Of logits / temperature (of the logits when greedy), under the whole vocabulary and without the penalty. */
  readonly logprob: number;
  /** Of the same distribution, in nats. */
  readonly entropy: number;
}

/**
 * Tokens less likely than the best by more than e^-25 are never drawn: a whole vocabulary of them has less than 1e-5 of
 * the mass.
 */
const DEPTH = 25;

/**
 * One draw from a row of logits, with `u` uniform in [0, 1). The filters and their order are those of
 * domain/recipe/recipe.ts, as the GPU's sampler has them (shaders/sample.wgsl); among equals the lower token comes
 * first.
 */
export function sampleToken(
  logits: Float32Array,
  seen: ReadonlySet<number>,
  sampling: Sampling,
  u: number,
): SampledToken {
  const { temperature, topK, topP, minP, repetitionPenalty: penalty } = sampling;
  const plain = temperature === 0 ? logits : logits.map((logit) => logit / temperature);
  const scaled = penalty === 1 ? plain : plain.slice();
  if (penalty !== 1) for (const v of seen) scaled[v] = scaled[v]! > 0 ? scaled[v]! / penalty : scaled[v]! * penalty;
  const top = scaled.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const weight = (v: number) => Math.exp(scaled[v]! - top);

  let kept: number[] = [];
  for (let v = 0; v < scaled.length; v++) if (scaled[v]! >= top - DEPTH) kept.push(v);
  kept.sort((a, b) => scaled[b]! - scaled[a]! || a - b);
  if (temperature === 0) kept = kept.slice(0, 1);
  else {
    if (topK > 0) kept = kept.slice(0, topK);
    if (topP < 1) kept = kept.slice(0, countOfMass(kept.map(weight), topP));
    if (minP > 0) kept = kept.filter((v) => weight(v) >= minP);
  }
  kept.sort((a, b) => a - b);
  const token = kept[indexAt(kept.map(weight), u)]!;
  const { lse, entropy } = summary(plain);
  return { token, logprob: plain[token]! - lse, entropy };
}

function summary(scaled: Float32Array): { lse: number; entropy: number } {
  const top = scaled.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  let mass = 0;
  let weighted = 0;
  for (const value of scaled) {
    const weight = Math.exp(value - top);
    mass += weight;
    if (weight > 0) weighted += weight * value;
  }
  const lse = top + Math.log(mass);
  return { lse, entropy: lse - weighted / mass };
}

/** How many of the weights, largest first, reach a share of their sum. */
function countOfMass(weights: readonly number[], share: number): number {
  const goal = share * weights.reduce((a, b) => a + b, 0);
  let sum = 0;
  let count = 0;
  while (count < weights.length && sum < goal) sum += weights[count++]!;
  return count;
}

function indexAt(weights: readonly number[], u: number): number {
  const total = weights.reduce((a, b) => a + b, 0);
  let sum = 0;
  for (let i = 0; i < weights.length; i++) {
    sum += weights[i]!;
    if (sum / total > u) return i;
  }
  return weights.length - 1;
}
