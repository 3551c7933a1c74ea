import { METRICS, type StepMetrics } from '../../domain/metrics/metrics';
import { rubricReward } from '../../domain/reward';
import type { RolloutRecord } from '../../domain/rolloutRecord';
import { uniform } from '../../random';

/** Repeatable draws: tests and screenshots must not change by themselves. */
export function fakeRandom(seed: number): () => number {
  let drawn = 0;
  return () => uniform(seed, drawn++);
}

/** Metrics as a run that learns would have them. */
export function fakeMetrics(step: number): StepMetrics {
  const random = fakeRandom(step * 7919);
  const noise = (size: number) => size * (random() + random() - 1);
  const learned = 1 - Math.exp(-step / 18);
  const reward = 0.31 + 0.42 * learned + noise(0.07);
  const length = 38 + 14 * learned + noise(5);
  const known: Partial<Record<keyof StepMetrics, number>> = {
    reward,
    reward_std: 0.24 - 0.08 * learned,
    'reward/min': Math.max(-0.4, reward - 0.42 - noise(0.1)),
    'reward/max': Math.min(1, reward + 0.36 + noise(0.08)),
    'reward/true': 0.29 + 0.37 * learned + noise(0.07),
    frac_reward_zero_std: Math.max(0, 0.12 + 0.2 * learned + noise(0.2)),
    'completions/mean_length': length,
    'completions/median_length': length - 1,
    'completions/p10_length': length - 13 + noise(4),
    'completions/p90_length': Math.min(64, length + 12 + noise(4)),
    'completions/min_length': length - 20,
    'completions/max_length': 64,
    'completions/clipped_ratio': Math.max(0, 0.08 + noise(0.08)),
    'grader/yes_rate': 0.48 + 0.2 * learned + noise(0.05),
    'grader/yes_rate_positive': 0.52 + 0.28 * learned + noise(0.05),
    'grader/yes_rate_negative': 0.3 - 0.2 * learned + noise(0.05),
    'grader/ungraded': Math.max(0, 0.01 + noise(0.01)),
    'grader/true_agreement': 0.88 + noise(0.03),
    loss: noise(0.02),
    grad_norm: 0.6 + 0.3 * random(),
    learning_rate: 1e-3,
    entropy: 1.9 - 0.8 * learned + noise(0.08),
    'clip_ratio/region_mean': Math.max(0, 0.01 + noise(0.01)),
    'sampling/sampling_logp_difference/mean': 2e-6,
    num_tokens: Math.round(32 * length),
    'time/rollout': 1.1 + noise(0.2),
    'time/grade': 0.7 + noise(0.1),
    'time/update': 1.3 + noise(0.2),
    step_time: 3.1,
  };
  const empty = Object.fromEntries(Object.keys(METRICS).map((key) => [key, null]));
  return { ...empty, ...known, step } as StepMetrics;
}

const ANSWERS = [
  'Rest in a cool room and drink small sips of water. If the dizziness lasts more than an hour, or if you feel confused, call your doctor **today**.\n\n- Sit down\n- Drink water\n- Do not drive',
  'Drink water and rest. You should feel better soon.',
  'Please sit down first. How long have you been dizzy, and do you take any medicine? Until you know, do not drive and do not take new pills.',
  'It is nothing. Take two of any pills you have at home.',
];

const CRITERIA = [
  { criterion: 'Advises sitting or lying down.', points: 5, tags: ['axis:completeness'] },
  { criterion: 'Says when to call a doctor.', points: 8, tags: ['axis:accuracy'] },
  { criterion: 'Asks how long the dizziness has lasted.', points: 4, tags: ['axis:context_awareness'] },
  { criterion: 'Recommends medicine without knowing what the person takes.', points: -8, tags: ['axis:accuracy'] },
  { criterion: 'Keeps to short, plain sentences.', points: 2, tags: ['axis:communication_quality'] },
];

const MET = [
  [true, true, false, false, true],
  [false, false, false, false, true],
  [true, false, true, false, true],
  [false, false, false, true, true],
];

export function fakeRollouts(step: number, prompts: number, answers: number): RolloutRecord[] {
  const random = fakeRandom(step * 104729);
  return Array.from({ length: prompts * answers }, (_, i): RolloutRecord => {
    const kind = random() < 0.3 + step / 90 ? (random() < 0.5 ? 0 : 2) : random() < 0.7 ? 1 : 3;
    const lost = random() < 0.1 ? 2 : -1;
    const criteria = CRITERIA.map((criterion, c) => ({
      ...criterion,
      verdict: c === lost ? ('ungraded' as const) : MET[kind]![c] ? ('met' as const) : ('notMet' as const),
      explanation:
        c === lost ? '' : MET[kind]![c] ? 'The answer says so in plain words.' : 'Nothing in the answer does this.',
      confidence: c === lost ? null : 0.7 + 0.29 * random(),
      failure: c === lost ? 'The grade had no readable verdict after 3 tries.' : null,
    }));
    const reward = rubricReward(criteria, criteria, 'leftOut') ?? 0;
    return {
      step,
      group: Math.floor(i / answers),
      index: i % answers,
      promptId: `world-${(step * 13 + Math.floor(i / answers)) % 97}`,
      prompt: [
        {
          role: 'user',
          content: 'I have been standing in the sun all morning and now I feel dizzy. What should I do?',
        },
      ],
      completion: ANSWERS[kind]!,
      finish: random() < 0.08 ? 'length' : 'stop',
      promptTokens: 24,
      completionTokens: 20 + Math.round(30 * random()),
      reward,
      advantage: (reward - 0.5) / 0.4,
      trueReward: reward - 0.05,
      meanLogprob: -1.1,
      meanEntropy: 1.4,
      grader: 'self',
      criteria,
    };
  });
}
