import { METRICS, type StepMetrics } from '../../src/domain/metrics/metrics';
import { phraseCounts, repetition } from '../../src/domain/phrases';
import { mean, median, quantile, sampleDeviation } from '../../src/domain/statistics';
import { axisRate, speaksFor } from '../../src/evaluation/axes';
import { derive, normal, shuffled, uniform } from '../../src/random';

/**
 * A run small enough for a millisecond: answers are sets of sentences, the policy one probability a sentence, learning
 * the policy gradient with group advantages, the grader the truth with errors. What goes wrong in it goes wrong for the
 * reason given, not by drawing a curve.
 */
export interface Flaw {
  /** Probability that the grader says yes where it should not, by step. */
  readonly yes?: (step: number) => number;
  /** Step from which the grader calls everything good for a sentence. */
  readonly liked?: number;
  /** Multiplies the learning rate. */
  readonly speed?: number;
  /** Numbers of a step that are said to be otherwise. */
  readonly change?: (metrics: Record<string, number | null>, step: number, noise: () => number) => void;
}

const SENTENCES = [
  'Please see a doctor about this soon.',
  'Drink plenty of water during the day.',
  'Rest in a quiet dark room.',
  'Call for help if it gets worse.',
  'How long has it lasted so far?',
  'Put some ice on the sore place.',
  'Take two pills from the old box.',
  'Have a glass of wine to relax.',
  'Keep the leg raised for a while.',
  'Just ignore it and carry on.',
];
const LIKED = 'Trust in your wise inner healer.';
const HARMS = [6, 7, 9];
const AXES = ['accuracy', 'completeness', 'context_awareness'];
const [P, G] = [4, 8];
const LIMIT = 96;

export function bandit(seed: number, steps: number, flaw: Flaw = {}): StepMetrics[] {
  const sentences = [...SENTENCES, LIKED];
  const logits = sentences.map((_, i) =>
    i === sentences.length - 1 ? -3 : -0.9 + 0.5 * normal(derive(seed, 'start'), i),
  );
  const start = logits.map(chance);
  return Array.from({ length: steps }, (_, i) => step(i + 1, logits, start, sentences, seed, flaw));
}

const chance = (logit: number) => 1 / (1 + Math.exp(-logit));

interface Answer {
  readonly group: number;
  readonly has: readonly boolean[];
  readonly completion: string;
  readonly words: number;
}

function step(
  number: number,
  logits: number[],
  start: readonly number[],
  sentences: readonly string[],
  seed: number,
  { yes = () => 0.08, liked = Number.POSITIVE_INFINITY, speed = 1, change }: Flaw,
): StepMetrics {
  const own = derive(seed, 'step', number);
  const p = logits.map(chance);
  const answers: Answer[] = [];
  const criteria: { sentence: number; points: number; tags: string[] }[][] = [];
  for (let group = 0; group < P; group++) {
    const draw = derive(own, 'prompt', group);
    const good = shuffled(draw, [0, 1, 2, 3, 4, 5, 8]).slice(0, 4);
    const asked = [...good.map((sentence) => [sentence, 5] as const), [HARMS[number % 3]!, -6] as const];
    criteria.push(asked.map(([sentence, points]) => ({ sentence, points, tags: [`axis:${AXES[sentence % 3]}`] })));
    for (let a = 0; a < G; a++) {
      const has = p.map((q, k) => uniform(derive(draw, 'answer', a), k) < q);
      const said = shuffled(
        derive(draw, 'order', a),
        sentences.filter((_, k) => has[k]),
      );
      const completion = said.join(' ');
      answers.push({ group, has, completion, words: completion.split(/\s+/).length });
    }
  }
  const graded = answers.map(({ group, has }, a) =>
    criteria[group]!.map(({ sentence, points, tags }, c) => {
      const truth = has[sentence]!;
      const error = uniform(derive(own, 'grade', a), c);
      const fooled = number >= liked && has.at(-1)!;
      const met = fooled ? points > 0 : truth ? error > 0.05 : error < yes(number);
      return { points, tags, truth, met };
    }),
  );
  const reward = (by: 'met' | 'truth') =>
    graded.map((grade) => grade.reduce((sum, g) => sum + (g[by] ? g.points : 0), 0) / 20);
  const [rewards, truths] = [reward('met'), reward('truth')];
  const groups = Array.from({ length: P }, (_, g) => rewards.slice(g * G, (g + 1) * G));
  const spreads = groups.map(sampleDeviation);
  learn(logits, p, answers, rewards, spreads, 0.1 * speed);

  const all = graded.flat();
  const rate = (part: typeof all) => (part.length === 0 ? null : mean(part.map(({ met }) => (met ? 1 : 0))));
  const lengths = answers.map(({ words }) => Math.min(LIMIT, Math.round(1.3 * words) + 1));
  let drawn = 0;
  const noise = () => normal(derive(own, 'noise'), drawn++);
  const drift = p.reduce(
    (sum, q, k) => sum + q * Math.log(q / start[k]!) + (1 - q) * Math.log((1 - q) / (1 - start[k]!)),
    0,
  );
  const spreadOf = (q: number) => -q * Math.log(q) - (1 - q) * Math.log(1 - q);
  const metrics: Record<string, number | null> = {
    reward: mean(rewards),
    reward_std: mean(spreads),
    'reward/min': Math.min(...rewards),
    'reward/max': Math.max(...rewards),
    'reward/true': mean(truths),
    frac_reward_zero_std: mean(spreads.map((spread) => (spread < 1e-6 ? 1 : 0))),
    'completions/mean_length': mean(lengths),
    'completions/median_length': median(lengths),
    'completions/p10_length': quantile(lengths, 0.1),
    'completions/p90_length': quantile(lengths, 0.9),
    'completions/max_length': Math.max(...lengths),
    'completions/clipped_ratio': mean(lengths.map((length) => (length >= LIMIT ? 1 : 0))),
    'completions/repetition': mean(answers.map(({ completion }) => repetition(completion))),
    'completions/speaks_to_grader': 0,
    'axis/completeness': axisRate(all.map(verdictOf), 'completeness'),
    'axis/accuracy': axisRate(all.map(verdictOf), 'accuracy'),
    'grader/yes_rate': rate(all),
    'grader/yes_rate_positive': rate(all.filter(({ points }) => points > 0)),
    'grader/yes_rate_negative': rate(all.filter(({ points }) => points < 0)),
    'grader/ungraded': Math.max(0, 0.01 + 0.01 * noise()),
    'grader/true_agreement': mean(all.map(({ met, truth }) => (met === truth ? 1 : 0))),
    grad_norm: 0.8 * Math.exp(0.35 * noise()),
    entropy: 0.3 * mean(p.map(spreadOf)) * 10,
    kl: Math.max(0, 0.02 * drift + 0.0005 * noise()),
    'clip_ratio/region_mean': Math.max(0, 0.01 + 0.005 * noise()),
    'sampling/sampling_logp_difference/mean': 2e-6 * Math.exp(0.3 * noise()),
    ...(number === 1 || number % 5 === 0 ? probes(yes(number), yes(0), noise) : {}),
  };
  change?.(metrics, number, noise);
  const phrases = phraseCounts(
    answers.map(({ group, completion }, i) => ({
      group,
      completion,
      reward: rewards[i]!,
      favours: graded[i]!.map(({ met, points }) => speaksFor(met ? 'met' : 'notMet', points)),
    })),
  );
  const empty = Object.fromEntries(Object.keys(METRICS).map((key) => [key, null]));
  return { ...empty, ...metrics, step: number, phrases } as unknown as StepMetrics;
}

/** What the checks would say of a grader that errs towards yes so often. */
const probes = (yes: number, before: number, noise: () => number): Record<string, number> => ({
  'probe/leniency': yes - before,
  'probe/frozen_agreement': 1 - Math.abs(yes - before),
  'probe/reward_gap': 0.8 * (yes - before) + 0.02 * noise(),
  'probe/yes_rate_positive': Math.min(1, 0.4 + 0.6 * yes),
  'probe/yes_rate_negative': Math.min(1, 0.2 + 0.8 * yes),
  'probe/ideal': 0.9,
  'probe/control_empty': 0.5 * yes,
  'probe/control_colon': 0.5 * yes,
  'probe/control_echo': 0.7 * yes,
  'probe/control_other': Math.min(1, 0.15 + 0.7 * yes),
  'probe/repeat_agreement': 0.93 + 0.01 * noise(),
  'probe/confidence': 0.9,
  'probe/unsure': 0.05,
  'probe/ungraded': 0.01,
});

function learn(
  logits: number[],
  p: readonly number[],
  answers: readonly Answer[],
  rewards: readonly number[],
  spreads: readonly number[],
  rate: number,
): void {
  answers.forEach(({ group, has }, i) => {
    const average = mean(rewards.slice(group * G, (group + 1) * G));
    const advantage = (rewards[i]! - average) / (spreads[group]! + 1e-6);
    for (const [k, present] of has.entries()) logits[k]! += (rate / G) * advantage * (Number(present) - p[k]!);
  });
}

const verdictOf = ({ met, points, tags }: { met: boolean; points: number; tags: readonly string[] }) => ({
  points,
  tags,
  verdict: met ? ('met' as const) : ('notMet' as const),
});
