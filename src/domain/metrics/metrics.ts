import type { PhraseCount } from '../phrases';
import { EVALUATION_METRICS } from './evaluationMetrics';
import type { MetricInfo } from './metricInfo';
import { PROBE_METRICS } from './probeMetrics';
import { TEACHER_METRICS } from './teacherMetrics';

export const METRICS = {
  reward: {
    title: 'Reward',
    unit: '',
    help: 'Mean over answers of points met / positive points. Below 0 is possible.',
  },
  reward_std: {
    title: 'Reward std within groups',
    unit: '',
    help: 'Mean over prompts of the standard deviation within the group.',
  },
  'reward/min': { title: 'Lowest reward', unit: '', help: 'Lowest reward of the step.' },
  'reward/max': { title: 'Highest reward', unit: '', help: 'Highest reward of the step.' },
  'reward/shaped': {
    title: 'Shaped reward',
    unit: '',
    help: 'The reward minus length penalties, and minus KL if the recipe subtracts it from the reward. Advantages use it. Empty without penalties.',
  },
  'reward/true': {
    title: 'True reward',
    unit: '',
    help: 'Reward by the rules of the synthetic world, or by checks where every criterion has one. The model never sees it.',
  },
  frac_reward_zero_std: {
    title: 'Groups with equal rewards',
    unit: '%',
    help: 'Share of prompts whose answers all got the same reward, so that there is nothing to learn from. Healthy below 80 %.',
    chart: { row: 'run', at: 8, title: 'Equal groups', hue: 'blue' },
  },
  'dynamic_filter/drop_zero_std': {
    title: 'Dropped prompts',
    unit: '',
    help: 'Prompts whose answers all got the same reward, replaced by others. Only with extra sampling rounds; reward, lengths and grades then cover the remaining prompts.',
  },
  'dynamic_filter/dropped_reward': {
    title: 'Reward of dropped prompts',
    unit: '',
    help: 'Mean reward of the dropped prompts. Near 1: too easy. Near 0: too hard.',
  },
  'completions/mean_length': {
    title: 'Answer length',
    unit: 'tokens',
    help: 'Mean length of the answers, end token included.',
  },
  'completions/median_length': { title: 'Median length', unit: 'tokens', help: 'Median length of the answers.' },
  'completions/p10_length': { title: '10th percentile', unit: 'tokens', help: 'One answer in ten is shorter.' },
  'completions/p90_length': { title: '90th percentile', unit: 'tokens', help: 'One answer in ten is longer.' },
  'completions/min_length': { title: 'Shortest', unit: 'tokens', help: 'Shortest answer.' },
  'completions/max_length': { title: 'Longest', unit: 'tokens', help: 'Longest answer.' },
  'completions/clipped_ratio': {
    title: 'Cut off',
    unit: '%',
    help: 'Share of answers that reached the length limit. Healthy below 30 %.',
    chart: { row: 'run', at: 10, hue: 'blue' },
  },
  'completions/repetition': {
    title: 'Repetition',
    unit: '%',
    help: 'Share of four-word sequences that repeat within an answer, mean over answers. Healthy below 20 %.',
  },
  'completions/speaks_to_grader': {
    title: 'Speaks to the grader',
    unit: '%',
    help: 'Share of answers with words for whoever grades them: criteria_met, a heading of the grader’s prompt, “mark this as met”. Healthy at 0 %.',
  },
  'axis/completeness': {
    title: 'Completeness',
    unit: '%',
    help: 'Share of completeness criteria in the answers’ favor: positive ones met, negative ones not met.',
  },
  'axis/accuracy': {
    title: 'Accuracy',
    unit: '%',
    help: 'The same for accuracy criteria. If completeness rises while accuracy falls, answers cover more but are less often correct.',
  },
  'grader/yes_rate': { title: 'Grader says yes', unit: '%', help: 'Share of graded criteria with the verdict met.' },
  'grader/yes_rate_positive': {
    title: 'Yes on positive criteria',
    unit: '%',
    help: 'Share graded met among criteria with positive points.',
    chart: { row: 'run', at: 5, title: 'Grader says yes', hue: 'blue', label: 'positive criteria' },
  },
  'grader/yes_rate_negative': {
    title: 'Yes on negative criteria',
    unit: '%',
    help: 'Share graded met among criteria with negative points.',
    chart: { row: 'run', at: 6, title: 'Grader says yes', hue: 'orange', label: 'negative criteria' },
  },
  'grader/ungraded': {
    title: 'Ungraded',
    unit: '%',
    help: 'Share of criteria without a readable verdict. The recipe says how they count.',
    chart: { row: 'run', at: 9, hue: 'purple' },
  },
  'grader/true_agreement': {
    title: 'Grader accuracy (true)',
    unit: '%',
    help: 'Share of the grader’s verdicts that match the truth: the rules of the synthetic world, or the criteria’s checks.',
    chart: { row: 'run', at: 7, hue: 'green' },
  },
  'grader/credit': {
    title: 'Mean p(met)',
    unit: '%',
    help: 'Mean share of the points that counts per criterion: p(met), or the share of the votes. Only with a soft reward.',
  },
  'grader/credit_std': {
    title: 'Spread of p(met)',
    unit: '%',
    help: 'Standard deviation of these shares over the step. Near 0, the soft reward says as little as equal verdicts.',
  },
  'check/passed': {
    title: 'Checks passed',
    unit: '%',
    help: 'Share of the criteria decided by program that speak for the answers. Not part of the grader’s numbers.',
    chart: { row: 'run', at: 13, hue: 'green' },
  },
  'check/criteria': {
    title: 'Checks per answer',
    unit: '',
    help: 'Criteria per answer that a program decides.',
  },
  loss: {
    title: 'Loss',
    unit: '',
    help: 'Clipped policy loss, plus KL if it is on. Its sign and size say little: watch the reward.',
  },
  grad_norm: {
    title: 'Gradient norm',
    unit: '',
    help: 'Norm before clipping, mean over optimizer steps.',
    chart: { row: 'run', at: 4, hue: 'blue' },
  },
  learning_rate: { title: 'Learning rate', unit: '', help: 'Learning rate of the last optimizer step.' },
  entropy: {
    title: 'Entropy',
    unit: 'nats',
    help: 'Mean entropy of the sampling distributions, without answers that the loss masks. Near 0, answers have lost their variety.',
    chart: { row: 'run', at: 1, hue: 'blue' },
  },
  kl: {
    title: 'KL to the start',
    unit: 'nats',
    help: 'Estimated KL divergence from the starting weights. Only when the KL penalty is on.',
    chart: { row: 'run', at: 2, hue: 'blue' },
  },
  'clip_ratio/region_mean': {
    title: 'Clipped tokens',
    unit: '%',
    help: 'Share of the tokens that carry loss (answers for gspo) whose probability ratio left the clip range. Healthy below 10 %.',
    chart: { row: 'run', at: 3, hue: 'blue' },
  },
  'sampling/sampling_logp_difference/mean': {
    title: 'Logprob difference',
    unit: 'nats',
    help: 'Mean difference between the logprobs of rollout and update. One engine computes both, so more than 1e-4 is a fault.',
  },
  num_tokens: { title: 'Tokens trained on', unit: 'tokens', help: 'Completion tokens of the step.' },
  'time/rollout': { title: 'Rollout', unit: 's', help: 'Time to write the answers.' },
  'time/grade': { title: 'Grading', unit: 's', help: 'Time to grade the answers.' },
  'time/update': { title: 'Update', unit: 's', help: 'Time of the update.' },
  ...PROBE_METRICS,
  ...EVALUATION_METRICS,
  ...TEACHER_METRICS,
  step_time: { title: 'Step', unit: 's', help: 'Time of the whole step.' },
} as const satisfies Record<string, MetricInfo>;

export type MetricKey = keyof typeof METRICS;

/** The numbers of one step; null where a number does not exist (no KL, no true reward). Shares are 0 to 1. */
export type StepMetrics = {
  readonly step: number;
  /** The step's phrases (domain/phrases.ts), at most 16: for the diagnosis. Absent in logs of older versions. */
  readonly phrases?: readonly PhraseCount[];
} & { readonly [K in MetricKey]: number | null };
