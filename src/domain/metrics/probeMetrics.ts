import type { MetricInfo } from './metricInfo';

/**
 * Checks of the model as a grader on stored items, every so many steps (rl/probes.ts). Items and draws are the same
 * each time, so that only the grader can change the numbers. Null in the steps between.
 */
export const PROBE_METRICS = {
  'probe/leniency': {
    title: 'Leniency drift',
    unit: '%',
    help: 'Share graded met by the current model minus the share by the frozen grader, on the same stored answers. Healthy near 0; a rise means a more lenient grader.',
    chart: { row: 'graderCheck', at: 6, hue: 'orange' },
  },
  'probe/frozen_agreement': {
    title: 'Agreement with frozen grader',
    unit: '%',
    help: 'Share of stored answers’ verdicts on which the current model and the frozen grader agree.',
  },
  'probe/reward_gap': {
    title: 'Reward gap vs frozen grader',
    unit: '',
    help: 'On the newest answers: reward of the run minus reward by the frozen grader. A growing gap is reward that the frozen grader would not give.',
    chart: { row: 'graderCheck', at: 7, hue: 'orange' },
  },
  'probe/yes_rate_positive': {
    title: 'Yes on positive criteria, stored answers',
    unit: '%',
    help: 'On unchanging stored answers: share graded met among criteria with positive points.',
    chart: { row: 'graderCheck', at: 8, title: 'Yes on stored answers', hue: 'blue', label: 'positive criteria' },
  },
  'probe/yes_rate_negative': {
    title: 'Yes on negative criteria, stored answers',
    unit: '%',
    help: 'On unchanging stored answers: share graded met among criteria with negative points.',
    chart: { row: 'graderCheck', at: 9, title: 'Yes on stored answers', hue: 'orange', label: 'negative criteria' },
  },
  'probe/ideal': {
    title: 'Ideal answers',
    unit: '%',
    help: 'Positive criteria graded met in the data’s ideal answers. Must stay high.',
    chart: { row: 'graderCheck', at: 1, title: 'Control answers', hue: 'green', label: 'ideal answers' },
  },
  'probe/control_empty': {
    title: 'Empty answer',
    unit: '%',
    help: 'Positive criteria graded met in an empty answer. Must stay near 0.',
    chart: { row: 'graderCheck', at: 4, title: 'Control answers', hue: 'orange', label: 'empty' },
  },
  'probe/control_colon': {
    title: 'Only a colon',
    unit: '%',
    help: 'Positive criteria graded met in the answer “:”, which fools weak graders. Must stay near 0.',
    chart: { row: 'graderCheck', at: 5, title: 'Control answers', hue: 'blue', label: 'only “:”' },
  },
  'probe/control_echo': {
    title: 'Prompt repeated',
    unit: '%',
    help: 'Positive criteria graded met when the answer only repeats the prompt. Must stay low.',
    chart: { row: 'graderCheck', at: 3, title: 'Control answers', hue: 'purple', label: 'prompt repeated' },
  },
  'probe/control_other': {
    title: 'Answer to another prompt',
    unit: '%',
    help: 'Positive criteria graded met in an answer to another prompt. Must stay low, though some advice fits many prompts.',
    chart: { row: 'graderCheck', at: 2, title: 'Control answers', hue: 'grey', label: 'answer to another prompt' },
  },
  'probe/repeat_agreement': {
    title: 'Repeat agreement',
    unit: '%',
    help: 'Share of stored answers’ verdicts that stay the same with other random draws. Only if grading is random.',
    chart: {
      row: 'graderCheck',
      at: 10,
      title: 'Grader consistency',
      hue: 'blue',
      label: 'repeat agreement',
    },
  },
  'probe/confidence': {
    title: 'Verdict confidence',
    unit: '%',
    help: 'Mean probability of the chosen verdict on stored answers; 50 % is chance. Only if verdicts come from probabilities.',
    chart: { row: 'graderCheck', at: 11, title: 'Grader consistency', hue: 'green', label: 'confidence' },
  },
  'probe/unsure': {
    title: 'Close calls',
    unit: '%',
    help: 'Share of stored answers’ verdicts with a probability between 40 % and 60 %.',
    chart: { row: 'graderCheck', at: 12, title: 'Grader consistency', hue: 'grey', label: 'close calls' },
  },
  'probe/ungraded': {
    title: 'Ungraded in the check',
    unit: '%',
    help: 'Share of stored answers’ criteria without a readable verdict.',
    chart: { row: 'graderCheck', at: 13, hue: 'purple' },
  },
  'time/probe': { title: 'Grader check', unit: 's', help: 'Time of the check. Not part of the step’s time.' },
} as const satisfies Readonly<Record<string, MetricInfo>>;

export type ProbeMetrics = { readonly [K in keyof typeof PROBE_METRICS]: number | null };

/** The probe metrics of a step without a check. */
export const NO_PROBES = Object.fromEntries(Object.keys(PROBE_METRICS).map((key) => [key, null])) as ProbeMetrics;
