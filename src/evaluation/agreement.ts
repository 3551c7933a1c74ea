import type { Verdict } from '../domain/verdict';

/** How a grader's verdicts compare with the truth (physicians, a better grader, the world's own rules). */
export interface Agreement {
  /** Pairs compared: ungraded ones are not. */
  readonly n: number;
  readonly ungraded: number;
  readonly accuracy: number;
  /** Share of truly met criteria that the grader called met, and of truly not-met ones that it called not met. */
  readonly metAccuracy: number;
  readonly notMetAccuracy: number;
  readonly graderYesRate: number;
  readonly truthYesRate: number;
  /** (F1 of met + F1 of not met) / 2, as simple-evals' pairwise_model_f1_balanced. */
  readonly balancedF1: number;
}

/** Shares are NaN where there is nothing to divide by; an F1 without a hit is 0. */
export function agreement(pairs: Iterable<{ readonly grader: Verdict; readonly truth: boolean }>): Agreement {
  let [metMet, metNot, notMet, notNot, ungraded] = [0, 0, 0, 0, 0]; // truth, then grader
  for (const { grader, truth } of pairs) {
    if (grader === 'ungraded') ungraded++;
    else if (truth) grader === 'met' ? metMet++ : metNot++;
    else grader === 'met' ? notMet++ : notNot++;
  }
  const n = metMet + metNot + notMet + notNot;
  const f1 = (hit: number, misses: number) => (hit === 0 ? 0 : (2 * hit) / (2 * hit + misses));
  const misses = metNot + notMet;
  return {
    n,
    ungraded,
    accuracy: (metMet + notNot) / n,
    metAccuracy: metMet / (metMet + metNot),
    notMetAccuracy: notNot / (notMet + notNot),
    graderYesRate: (metMet + notMet) / n,
    truthYesRate: (metMet + metNot) / n,
    balancedF1: (f1(metMet, misses) + f1(notNot, misses)) / 2,
  };
}
