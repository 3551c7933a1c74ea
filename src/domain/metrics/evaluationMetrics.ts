/**
 * Held-out prompts, answered by the current policy and graded by the starting weights, every so many steps
 * (rl/periodicEvaluation.ts). The same prompts and draws each time. Null in the steps between.
 */
export const EVALUATION_METRICS = {
  'eval/frozen_score': {
    title: 'Held-out score, frozen grader',
    unit: '',
    help: 'HealthBench score on held-out prompts, graded by the frozen grader, which training cannot make more lenient.',
  },
  'eval/score_low': {
    title: 'Held-out score, lower bound',
    unit: '',
    help: 'Lower end of the 95 % bootstrap interval over answers.',
  },
  'eval/score_high': {
    title: 'Held-out score, upper bound',
    unit: '',
    help: 'Upper end of the 95 % bootstrap interval over answers.',
  },
  'eval/mean_length': {
    title: 'Held-out answer length',
    unit: 'tokens',
    help: 'Mean length of the answers to the held-out prompts.',
  },
  'eval/true_reward': {
    title: 'Held-out true reward',
    unit: '',
    help: 'Reward of the same answers by the rules of the synthetic world, which the model never sees.',
  },
  'time/evaluation': { title: 'Evaluation', unit: 's', help: 'Time of the evaluation on held-out prompts.' },
} as const;

export type EvaluationMetrics = { readonly [K in keyof typeof EVALUATION_METRICS]: number | null };

export const NO_EVALUATION: EvaluationMetrics = {
  'eval/frozen_score': null,
  'eval/score_low': null,
  'eval/score_high': null,
  'eval/mean_length': null,
  'eval/true_reward': null,
  'time/evaluation': null,
};
