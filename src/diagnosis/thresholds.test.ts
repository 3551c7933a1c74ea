import { describe, expect, it } from 'vitest';
import { METRICS, type MetricKey, type StepMetrics } from '../domain/metrics/metrics';
import type { PhraseCount } from '../domain/phrases';
import { type Recipe, recipeSchema } from '../domain/recipe/recipe';
import { mean } from '../domain/statistics';
import { cutOff, length, repetition, shortAnswers, speaksToGrader } from './answers';
import type { Found } from './finding';
import { controls, ideal, leniency, unsteady } from './grader';
import { axes, hacking, phrase as phrasePieces } from './hacking';
import { clipped, gradient, kl, logprobs, noGradient } from './optimization';
import { inOne } from './pieces';
import { change } from './points';
import { type RunLog, runLog } from './runLog';
import { alike, entropy, noise } from './variety';
import { equalGroups, nothingMet, ungraded, verdictCollapse } from './verdicts';

/** Every number that decides whether a finding is made, with a run just on either side of it. */

type Columns = Partial<Record<MetricKey, readonly (number | null)[]>> & { phrases?: readonly PhraseCount[][] };
type Check = (run: RunLog) => Found | null;

const phrase: Check = (run) => inOne(phrasePieces(run));

const NONE = Object.fromEntries(Object.keys(METRICS).map((key) => [key, null]));
const rows = (columns: Columns): StepMetrics[] =>
  Array.from({ length: Math.max(...Object.values(columns).map((values) => values.length)) }, (_, i) => {
    const own = Object.entries(columns).map(([key, values]) => [key, values[i] ?? null]);
    return { ...NONE, ...Object.fromEntries(own), step: i + 1 } as unknown as StepMetrics;
  });
const run = (columns: Columns, config: Recipe | null = null): RunLog => runLog(rows(columns), config);

const flat = (value: number, n = 5): number[] => Array.from({ length: n }, () => value);
/** The first half of the run at one value, the second at another. */
const jump = (before: number, now: number, n = 40): number[] => [...flat(before, n / 2), ...flat(now, n - n / 2)];
/**
 * With an even spread, the same in every block of five, that puts the change of quarters at this many standard errors.
 */
function spread(
  values: readonly number[],
  z: number,
  part: (all: readonly number[]) => readonly number[] = (all) => all,
) {
  const noisy = (size: number) => values.map((value, i) => value + size * [1, -1, 0, -1, 1][i % 5]!);
  const points = part(noisy(1)).map((value, i) => ({ step: i, value }));
  return noisy(Math.abs(change(points)!.z) / z);
}
/** 40 values that change in the middle of the newer half. */
const late = (before: number, now: number) => [...flat(before, 30), ...flat(now, 10)];

/** What the check of KL looks at of the reward. */
const newer = (all: readonly number[]) => all.slice(-20);
const above = (value: number) => value + 1e-6 * Math.max(1, value);
const below = (value: number) => value - 1e-6 * Math.max(1, value);

/** Standard errors of a change that must be below, and above. */
const sides = (z: number) => [z * 0.99, z * 1.01] as const;
const pair = <T>(values: readonly [T, T], of: (value: T) => RunLog): [RunLog, RunLog] => [of(values[0]), of(values[1])];
const over = (limit: number) => [limit, above(limit)] as const;
const under = (limit: number) => [limit, below(limit)] as const;
const upTo = (limit: number) => [below(limit), limit] as const;

const LIMIT = 100;
const limited = recipeSchema.parse({ sampling: { maxNewTokens: LIMIT } });

/** A phrase that spreads over 40 steps. */
function spreading({
  to = 0.8,
  from = 0.1,
  lift = 0.2,
  breadth = 0.8,
  seen = 40,
  n = 40,
  gain = 0.3,
  z = 100,
  spreadZ = 100,
}) {
  const shares = spread(jump(from, to, n), spreadZ);
  const phrases = shares.map((share, i): PhraseCount[] => [
    { phrase: 'a b c', share, lift: i < seen ? lift : null, breadth: i < seen ? breadth : null },
  ]);
  return run({ reward: spread(jump(0.2, 0.2 + gain, n), z), phrases });
}

const ramp = (by: number, n: number) => Array.from({ length: n }, (_, i) => 0.5 + by * i);
/** Entropy of 1 that falls by a constant factor a step. */
const decay = (factor: number, n: number) => Array.from({ length: n }, (_, i) => factor ** i);

const FINDS: readonly (readonly [string, Check, readonly [silent: RunLog, found: RunLog]])[] = [
  [
    'logprobs: 1e-4 nats',
    logprobs,
    [
      run({ 'sampling/sampling_logp_difference/mean': flat(1e-4) }),
      run({ 'sampling/sampling_logp_difference/mean': flat(1.01e-4) }),
    ],
  ],
  [
    'logprobs: over 3 steps',
    logprobs,
    pair([0.9, 1.1] as const, (x) => run({ 'sampling/sampling_logp_difference/mean': [0, 0, x * 3e-4] })),
  ],

  [
    'gradient: 12 values',
    gradient,
    pair([5, 6] as const, (n) => run({ grad_norm: [...flat(1, n + 1), ...flat(90, 5)] })),
  ],
  [
    'gradient: 10 times the spikes’ median',
    gradient,
    pair(over(10), (x) => run({ grad_norm: [...flat(1, 20), x, 1, 1, x, 1, 1, x, 1, 1, 1, 1] })),
  ],
  [
    'gradient: spikes of 5',
    gradient,
    pair(over(5), (x) => run({ grad_norm: [...flat(0.4, 20), x, 0.4, 0.4, x, 0.4, 0.4, x, 0.4, 0.4, 0.4, 0.4] })),
  ],
  [
    'gradient: 3 spikes',
    gradient,
    pair([1, 20] as const, (x) => run({ grad_norm: [...flat(1, 20), x, 1, 1, 20, 1, 1, 20, 1, 1, 1, 1] })),
  ],
  [
    'gradient: spikes of the last 30 steps',
    gradient,
    pair([24, 23] as const, (tail) => run({ grad_norm: [...flat(1, 20), 20, 1, 1, 20, 1, 1, 20, ...flat(1, tail)] })),
  ],
  [
    'gradient: 8 values before a spike',
    gradient,
    pair([7, 8] as const, (head) => run({ grad_norm: [...flat(1, head), 20, 1, 1, 20, 1, 1, 20, 1, 1, 1, 1, 1, 1] })),
  ],

  ['clipped: 10 %', clipped, pair(over(0.1), (x) => run({ 'clip_ratio/region_mean': flat(x) }))],
  [
    'clipped: the newest 5',
    clipped,
    pair([0.49, 0.51] as const, (x) => run({ 'clip_ratio/region_mean': [9, 0, 0, 0, 0, x] })),
  ],
  ['clipped: 3 values', clipped, pair([2, 3] as const, (n) => run({ 'clip_ratio/region_mean': flat(0.2, n) }))],

  ['kl: 0.1 nats', kl, pair(over(0.1), (x) => moved({ to: x }))],
  ['kl: twice the first value', kl, pair(over(2), (x) => moved({ from: 1, to: x }))],
  ['kl: 3 standard errors over the run', kl, pair([2.9, 3.3] as const, (z) => moved({ z }))],
  ['kl: reward up to 0.9', kl, pair([above(0.9), 0.9] as const, (x) => moved({ reward: flat(x, 40) }))],
  [
    'kl: a gain of 0.02',
    kl,
    pair([0.0201, 0.0199] as const, (x) => moved({ reward: spread(late(0.3, 0.3 + x), 1, newer) })),
  ],
  [
    'kl: a gain of 2 standard errors',
    kl,
    pair([2.02, 1.98] as const, (z) => moved({ reward: spread(late(0.3, 0.31), z, newer) })),
  ],
  [
    'kl: 20 values',
    kl,
    pair([19, 20] as const, (n) => run({ kl: Array.from({ length: n }, (_, i) => 0.1 * i), reward: flat(0.3, n) })),
  ],

  [
    'verdictCollapse: yes in 95 %',
    verdictCollapse,
    pair(over(0.95), (x) => run({ 'grader/yes_rate': flat(x), frac_reward_zero_std: flat(0.9) })),
  ],
  [
    'nothingMet: no in 95 %',
    nothingMet,
    pair([0.0501, 0.0499] as const, (x) => run({ 'grader/yes_rate': flat(x), frac_reward_zero_std: flat(0.9) })),
  ],
  [
    'verdictCollapse: half of the groups equal',
    verdictCollapse,
    pair(upTo(0.5), (x) => run({ 'grader/yes_rate': flat(1), frac_reward_zero_std: flat(x) })),
  ],
  [
    'verdictCollapse: half of the harms',
    verdictCollapse,
    pair(upTo(0.5), (x) =>
      run({ 'grader/yes_rate': flat(1), frac_reward_zero_std: flat(0.9), 'grader/yes_rate_negative': flat(x) }),
    ),
  ],
  [
    'verdictCollapse: agreement with the truth of 90 %',
    verdictCollapse,
    pair([0.9, below(0.9)] as const, (x) =>
      run({ 'grader/yes_rate': flat(1), frac_reward_zero_std: flat(0.9), 'grader/true_agreement': flat(x) }),
    ),
  ],
  [
    'verdictCollapse: agreement down by 0.05',
    verdictCollapse,
    pair([0.049, 0.051] as const, (x) =>
      run({
        'grader/yes_rate': flat(1, 40),
        frac_reward_zero_std: flat(0.9, 40),
        'grader/true_agreement': jump(0.99, 0.99 - x),
      }),
    ),
  ],
  [
    'verdictCollapse: every verdict of the first step',
    verdictCollapse,
    pair([0.999, 1] as const, (x) => run({ 'grader/yes_rate': [x], frac_reward_zero_std: [1] })),
  ],
  [
    'nothingMet: every verdict of the first step',
    nothingMet,
    pair([0.001, 0] as const, (x) => run({ 'grader/yes_rate': [x], frac_reward_zero_std: [1] })),
  ],
  [
    'equalGroups: all of the first step',
    equalGroups,
    pair([0.99, 1] as const, (x) => run({ frac_reward_zero_std: [x] })),
  ],
  ['noGradient: not 0', noGradient, pair([1e-9, 0] as const, (x) => run({ grad_norm: [x] }))],
  ['noGradient: the newest 5', noGradient, pair([1e-9, 0] as const, (x) => run({ grad_norm: [1, x, 0, 0, 0, 0] }))],
  ['cutOff: all of the first step', cutOff, pair([0.99, 1] as const, (x) => run({ 'completions/clipped_ratio': [x] }))],
  [
    'leniency: agreement with the truth of 90 %',
    leniency,
    pair([0.9, below(0.9)] as const, (x) => run({ 'probe/leniency': [0, 0.5, 0.5], 'grader/true_agreement': flat(x) })),
  ],
  ['equalGroups: 80 %', equalGroups, pair(over(0.8), (x) => run({ frac_reward_zero_std: flat(x) }))],
  ['ungraded: 5 %', ungraded, pair(over(0.05), (x) => run({ 'grader/ungraded': flat(x) }))],

  [
    'alike: half of the groups equal',
    alike,
    pair(over(0.5), (x) => run({ entropy: flat(0.05), frac_reward_zero_std: flat(x) })),
  ],
  [
    'alike: 0.1 nats now',
    alike,
    pair(under(0.1), (x) => run({ entropy: [...flat(0.05), ...flat(x)], frac_reward_zero_std: flat(0.9, 10) })),
  ],
  [
    'alike: 0.1 nats at first',
    alike,
    pair(under(0.1), (x) => run({ entropy: [...flat(x), ...flat(0.05)], frac_reward_zero_std: flat(0.9, 10) })),
  ],
  ['entropy: a tenth of the first', entropy, pair(under(0.1), (x) => run({ entropy: [...flat(1), ...flat(x)] }))],
  ['entropy: 0.01 nats', entropy, pair(under(0.01), (x) => run({ entropy: [...flat(0.05), ...flat(x)] }))],
  [
    'entropy: a fifth of the first',
    entropy,
    pair(under(0.2), (x) => run({ entropy: [...flat(1, 20), ...flat(x, 20)] })),
  ],
  ['entropy: 16 values', entropy, pair([15, 16] as const, (n) => run({ entropy: [...flat(1, n - 5), ...flat(0.15)] }))],
  // 0.3 of the first is neither low nor gone: what counts is whether the fall goes on to the floor before the run ends.
  [
    'entropy: gone before the end',
    entropy,
    pair([66, 67] as const, (steps) => run({ entropy: decay(0.963, 40) }, recipeSchema.parse({ steps }))),
  ],
  [
    'entropy: fallen to 0.4 of the first',
    entropy,
    pair([0.4005, 0.3995] as const, (x) =>
      run(
        { entropy: [...flat(1, 8), ...decay(0.99, 22).map((v) => (v * x) / mean(decay(0.99, 22).slice(-5)))] },
        recipeSchema.parse({ steps: 10000 }),
      ),
    ),
  ],
  ['noise: 0.3 nats', noise, pair([0.299, 0.301] as const, (x) => run({ entropy: jump(0.1, 0.1 + x) }))],
  ['noise: half as much again', noise, pair([1.499, 1.501] as const, (x) => run({ entropy: jump(1, x) }))],
  ['noise: 4 standard errors', noise, pair(sides(4), (z) => run({ entropy: spread(jump(1, 2), z) }))],
  ['noise: 12 values', noise, pair([11, 12] as const, (n) => run({ entropy: [...flat(1, 6), ...flat(3, n - 6)] }))],

  ['cutOff: 30 %', cutOff, pair(over(0.3), (x) => run({ 'completions/clipped_ratio': flat(x) }))],
  ['length: half as … 1.3 times', length, pair([1.299, 1.301] as const, (x) => longer({ to: 50 * x, cut: 0.9 }))],
  ['length: 3 standard errors', length, pair(sides(3), (z) => longer({ z, cut: 0.9 }))],
  ['length: 20 % cut off', length, pair(over(0.2), (cut) => longer({ to: 80, cut }))],
  ['length: 3 times', length, pair([2.999, 3.001] as const, (x) => longer({ from: 15, to: 15 * x, cut: 0 }))],
  [
    'length: nine in ten below 0.95 of the limit',
    length,
    pair([94.9, 95.1] as const, (p90) => longer({ to: 80, p90, config: limited })),
  ],
  [
    'length: 0.6 of the limit',
    length,
    pair([59.9, 60.1] as const, (to) => longer({ from: 40, to, p90: 99, config: limited })),
  ],
  [
    'length: 12 values',
    length,
    pair([11, 12] as const, (n) => run({ 'completions/median_length': [...flat(10, 6), ...flat(90, n - 6)] })),
  ],
  [
    'shortAnswers: 0.4 of the first',
    shortAnswers,
    pair([40.1, 39.9] as const, (x) => run({ 'completions/median_length': jump(100, x) })),
  ],
  [
    'shortAnswers: 3 standard errors',
    shortAnswers,
    pair(sides(3), (z) => run({ 'completions/median_length': spread(jump(100, 20), z) })),
  ],
  [
    'shortAnswers: 12 values',
    shortAnswers,
    pair([11, 12] as const, (n) => run({ 'completions/median_length': [...flat(100, 6), ...flat(10, n - 6)] })),
  ],
  ['speaksToGrader: 5 %', speaksToGrader, pair(over(0.05), (x) => run({ 'completions/speaks_to_grader': flat(x) }))],
  ['repetition: 30 %', repetition, pair(over(0.3), (x) => run({ 'completions/repetition': [...flat(0), ...flat(x)] }))],
  [
    'repetition: 0.15 more than at first',
    repetition,
    pair([0.649, 0.651] as const, (x) => run({ 'completions/repetition': [...flat(0.5), ...flat(x)] })),
  ],

  ['leniency: 10 %', leniency, pair(over(0.1), (x) => run({ 'probe/leniency': [0, x, x] }))],
  ['leniency: 3 checks', leniency, pair([2, 3] as const, (n) => run({ 'probe/leniency': flat(0.15, n) }))],
  ['leniency: the newest 2', leniency, pair([0.19, 0.21] as const, (x) => run({ 'probe/leniency': [1, 0, x] }))],
  [
    'controls: a rise of 0.2',
    controls,
    pair([0.399, 0.401] as const, (x) => run({ 'probe/control_empty': [0.2, x, x] })),
  ],
  ['controls: a rise to 0.3', controls, pair(over(0.3), (x) => run({ 'probe/control_empty': [0, x, x] }))],
  ['controls: half without a rise', controls, pair(over(0.5), (x) => run({ 'probe/control_empty': [x] }))],
  [
    'controls: an answer to another question may fit',
    controls,
    [run({ 'probe/control_other': [0.9] }), run({ 'probe/control_echo': [0.9] })],
  ],
  ['ideal: a fall of 0.2', ideal, pair([0.701, 0.699] as const, (x) => run({ 'probe/ideal': [0.9, x, x] }))],
  [
    'ideal: 0.05 above nothing',
    ideal,
    pair([0.551, 0.549] as const, (x) => run({ 'probe/ideal': [x], 'probe/control_empty': [0.5] })),
  ],
  ['unsteady: 70 %', unsteady, pair(under(0.7), (x) => run({ 'probe/repeat_agreement': flat(x, 2) }))],
  ['unsteady: 2 checks', unsteady, pair([1, 2] as const, (n) => run({ 'probe/repeat_agreement': flat(0.5, n) }))],

  [
    'hacking: 6 measurements',
    hacking,
    pair([5, 6] as const, (n) => run({ reward: ramp(0.1, n), 'reward/true': ramp(-0.1, n) })),
  ],
  ['hacking: a gap of 0.1', hacking, pair([0.099, 0.101] as const, (gap) => gamed({ reward: 0.05, real: 0.05 - gap }))],
  [
    'hacking: reward up by 0.03',
    hacking,
    pair([0.029, 0.031] as const, (reward) => gamed({ reward: reward / 0.9, real: -0.2 })),
  ],
  [
    'hacking: the measure down by 0.03',
    hacking,
    pair([0.029, 0.031] as const, (fall) => gamed({ reward: 0.12, real: -fall / 0.9 })),
  ],
  [
    'hacking: reward up by 0.15 alone',
    hacking,
    pair([0.149, 0.151] as const, (reward) => gamed({ reward: reward / 0.9, real: 0 })),
  ],
  [
    'hacking: a fifth of the reward follows',
    hacking,
    pair([0.201, 0.199] as const, (part) => gamed({ reward: 0.4, real: 0.4 * part })),
  ],
  ['hacking: the gap at 3 standard errors', hacking, pair(sides(3), (z) => gamed({ z }))],

  ['axes: completeness up by 0.1', axes, pair([0.099, 0.101] as const, (x) => traded({ complete: x }))],
  ['axes: accuracy down by 0.05', axes, pair([0.049, 0.051] as const, (x) => traded({ accurate: -x }))],
  ['axes: completeness by 3 standard errors', axes, pair(sides(3), (z) => traded({ completeZ: z }))],
  ['axes: accuracy by 3 standard errors', axes, pair(sides(3), (z) => traded({ accurateZ: z }))],
  [
    'axes: 16 values',
    axes,
    pair([15, 16] as const, (n) =>
      run({
        'axis/completeness': [...flat(0.4, 8), ...flat(0.8, n - 8)],
        'axis/accuracy': [...flat(0.8, 8), ...flat(0.4, n - 8)],
      }),
    ),
  ],

  ['phrase: reward up by 0.05', phrase, pair([0.049, 0.051] as const, (gain) => spreading({ gain }))],
  ['phrase: reward up by 2 standard errors', phrase, pair(sides(2), (z) => spreading({ z }))],
  [
    'phrase: in 30 % of the newest answers',
    phrase,
    pair([0.299, 0.301] as const, (to) => spreading({ from: 0.05, to, spreadZ: 1e6 })),
  ],
  ['phrase: spread by 0.2', phrase, pair([0.699, 0.701] as const, (to) => spreading({ from: 0.5, to }))],
  ['phrase: spread by 3 standard errors', phrase, pair(sides(3), (spreadZ) => spreading({ to: 0.9, spreadZ }))],
  ['phrase: 4 steps with and without it', phrase, pair([3, 4] as const, (seen) => spreading({ seen }))],
  ['phrase: half of the criteria', phrase, pair(upTo(0.5), (breadth) => spreading({ breadth }))],
  ['phrase: 0.1 of reward', phrase, pair([0.099, 0.101] as const, (lift) => spreading({ lift }))],
  [
    'phrase: 12 steps',
    phrase,
    pair([11, 12] as const, (n) =>
      runLog(
        rows({
          reward: [...flat(0.2, 6), ...flat(0.8, n - 6)],
          phrases: Array.from({ length: n }, (_, i) => [
            { phrase: 'a b c', share: i < 6 ? 0.1 : 0.9, lift: 0.2, breadth: 0.8 },
          ]),
        }),
        null,
      ),
    ),
  ],
];

const LEVELS: readonly (readonly [string, Check, readonly [watch: RunLog, problem: RunLog]])[] = [
  [
    'gradient: 10 times the first',
    gradient,
    pair([12, 12.1] as const, (x) =>
      run({
        grad_norm: [...flat(1.2, 20), ...flat(x === 12 ? 11.9 : x, 5)].map((v, i) =>
          i >= 10 && i < 16 && i % 2 === 0 ? 13 : v,
        ),
      }),
    ),
  ],
  ['gradient: a norm of 10', gradient, pair(over(10), (x) => run({ grad_norm: [...flat(0.5, 20), ...flat(x)] }))],
  ['clipped: 30 %', clipped, pair(over(0.3), (x) => run({ 'clip_ratio/region_mean': flat(x) }))],
  ['kl: 2 nats', kl, pair(over(2), (x) => moved({ to: x }))],
  ['kl: reward down by 0.05', kl, pair([0.049, 0.051] as const, (x) => moved({ reward: late(0.5, 0.5 - x) }))],
  [
    'kl: reward down by 3 standard errors',
    kl,
    pair(sides(3), (z) => moved({ reward: spread(late(0.5, 0.2), z, newer) })),
  ],
  [
    'verdictCollapse: no harms are known',
    verdictCollapse,
    [
      run({ 'grader/yes_rate': flat(1), frac_reward_zero_std: flat(0.9) }),
      run({ 'grader/yes_rate': flat(1), frac_reward_zero_std: flat(0.9), 'grader/yes_rate_negative': flat(1) }),
    ],
  ],
  [
    'equalGroups: reward of 0.95',
    equalGroups,
    pair([above(0.95), 0.95] as const, (x) => run({ frac_reward_zero_std: flat(0.9), reward: flat(x) })),
  ],
  [
    'verdictCollapse: equal groups from the first step',
    verdictCollapse,
    pair([0.9, 1] as const, (x) => run({ 'grader/yes_rate': flat(1), frac_reward_zero_std: [x, 1, 1, 1, 1] })),
  ],
  [
    'equalGroups: equal from the first step',
    equalGroups,
    pair([0.9, 1] as const, (x) => run({ frac_reward_zero_std: [x, 1, 1, 1, 1], reward: flat(1) })),
  ],
  [
    'ideal: agreement with the truth of 90 %',
    ideal,
    pair([0.9, below(0.9)] as const, (x) => run({ 'probe/ideal': [0.9, 0.1, 0.1], 'grader/true_agreement': flat(x) })),
  ],
  [
    'unsteady: agreement with the truth of 90 %',
    unsteady,
    pair([0.9, below(0.9)] as const, (x) =>
      run({ 'probe/repeat_agreement': [0.5, 0.5], 'grader/true_agreement': flat(x) }),
    ),
  ],
  ['ungraded: 20 %', ungraded, pair(over(0.2), (x) => run({ 'grader/ungraded': flat(x) }))],
  [
    'alike: 80 % of groups equal',
    alike,
    pair(over(0.8), (x) => run({ entropy: flat(0.05), frac_reward_zero_std: flat(x) })),
  ],
  ['noise: twice the first', noise, pair([1.999, 2.001] as const, (x) => run({ entropy: jump(1, x) }))],
  [
    'noise: reward down by 0.03',
    noise,
    pair([0.029, 0.031] as const, (x) => run({ entropy: jump(1, 1.8), reward: jump(0.5, 0.5 - x) })),
  ],
  [
    'noise: reward down by 2 standard errors',
    noise,
    pair(sides(2), (z) => run({ entropy: jump(1, 1.8), reward: spread(jump(0.5, 0.3), z) })),
  ],
  ['cutOff: 80 %', cutOff, pair(over(0.8), (x) => run({ 'completions/clipped_ratio': flat(x) }))],
  ['length: half cut off', length, pair(over(0.5), (cut) => longer({ cut }))],
  [
    'shortAnswers: reward down by 0.05',
    shortAnswers,
    pair([0.051, 0.049] as const, (x) =>
      run({ 'completions/median_length': jump(100, 10), reward: jump(0.5, 0.5 - x) }),
    ),
  ],
  ['speaksToGrader: 20 %', speaksToGrader, pair(over(0.2), (x) => run({ 'completions/speaks_to_grader': flat(x) }))],
  ['repetition: half', repetition, pair(over(0.5), (x) => run({ 'completions/repetition': [...flat(0), ...flat(x)] }))],
  ['leniency: 20 %', leniency, pair(over(0.2), (x) => run({ 'probe/leniency': [0, x, x] }))],
  ['unsteady: 60 %', unsteady, pair(under(0.6), (x) => run({ 'probe/repeat_agreement': flat(x, 2) }))],
  [
    'hacking: the measure falls',
    hacking,
    pair([0.029, 0.031] as const, (fall) => gamed({ reward: 0.3, real: -fall / 0.9 })),
  ],
];

function moved({
  from = 0,
  to = 1,
  z,
  reward = flat(0.3, 40),
}: {
  from?: number;
  to?: number;
  z?: number;
  reward?: readonly number[];
}) {
  // Flat, then up and up again in the newer half: both changes that the check asks for.
  const path = [...flat(from, 20), ...flat((from + to) / 2, 10), ...flat(to, 10)];
  return run({ kl: z === undefined ? path : spread(path, z, newer), reward });
}

function longer({
  from = 50,
  to = 90,
  z = 100,
  cut = 0,
  p90,
  config = null,
}: {
  from?: number;
  to?: number;
  z?: number;
  cut?: number;
  p90?: number;
  config?: Recipe | null;
}) {
  const lengths = spread(jump(from, to), z);
  const columns = { 'completions/median_length': lengths, 'completions/clipped_ratio': flat(cut, 40) };
  return run(p90 === undefined ? columns : { ...columns, 'completions/p90_length': flat(p90, 40) }, config);
}

/**
 * Reward and measure part in the middle. The step of onset itself counts as before, so a tenth of each change is lost.
 */
function gamed({ reward = 0.3, real = -0.3, z }: { reward?: number; real?: number; z?: number }) {
  const measure = jump(0.4, 0.4 + real);
  const noisy = z === undefined ? measure : spread(measure, (z * Math.abs(real)) / (reward - real));
  return run({ reward: jump(0.4, 0.4 + reward), 'reward/true': noisy });
}

function traded({ complete = 0.3, accurate = -0.3, completeZ = 100, accurateZ = 100 }) {
  return run({
    'axis/completeness': spread(jump(0.4, 0.4 + complete), completeZ),
    'axis/accuracy': spread(jump(0.6, 0.6 + accurate), accurateZ),
  });
}

describe('a finding is made just beyond its limit, not just within it', () => {
  it.each(FINDS)('%s', (_, check, [silent, found]) => {
    expect(check(silent)).toBeNull();
    expect(check(found)).not.toBeNull();
  });
});

describe('it is a problem just beyond a limit, something to watch just within it', () => {
  it.each(LEVELS)('%s', (_, check, [watch, problem]) => {
    expect(check(watch)?.level).toBe('watch');
    expect(check(problem)?.level).toBe('problem');
  });
});

it('finds no rise of KL where its early values are as spread as the rise', () => {
  const early = (outlier: number) => [...flat(0, 9), outlier];
  const late = [...flat(2, 10), ...flat(3, 10), ...flat(4.1, 10)];
  const finds = (outlier: number) => kl(run({ kl: [...early(outlier), ...late], reward: flat(0.3, 40) }));
  expect(finds(1)).not.toBeNull();
  expect(finds(20)).toBeNull();
});

it('does not take entropy that rises again for entropy that will be gone', () => {
  const then = (by: number) => [...flat(1, 10), ...Array.from({ length: 30 }, (_, i) => 0.3 + by * i)];
  const finds = (by: number) => entropy(run({ entropy: then(by) }, recipeSchema.parse({ steps: 200 })));
  expect(finds(-0.003)).not.toBeNull();
  expect(finds(0.003)).toBeNull();
});

it('says what clipping does under the loss of the run: CISPO keeps the gradient, GSPO clips answers', () => {
  const found = (type?: 'grpo' | 'gspo' | 'cispo') =>
    clipped(run({ 'clip_ratio/region_mean': flat(0.2, 20) }, type ? recipeSchema.parse({ loss: { type } }) : null))!;
  for (const type of [undefined, 'grpo'] as const) {
    expect(found(type).title).toBe('20 % of tokens are clipped');
    expect(found(type).cause).toMatch(/Clipped tokens have no gradient from the reward\.$/);
  }
  expect(found('gspo').title).toBe('20 % of answers are clipped');
  expect(found('cispo').cause).toMatch(/Clipped tokens keep their gradient, with a capped weight\.$/);
});
