import type { MetricInfo } from './metricInfo';

/**
 * Checks of the model as a grader on stored items, every so many steps (rl/probes.ts). Items and draws are the same each time, so that a change
 * is a change of the grader. Null in the steps between.
 */
export const PROBE_METRICS = {
  'probe/leniency': {
    title: 'Leniency drift',
    unit: '%',
    help: 'Share judged met by the current model minus the share by the starting model, on the same stored answers. Near 0 is healthy; when it rises, the grader has become more lenient.',
    chart: { row: 'graderCheck', at: 6, hue: 'orange' },
  },
  'probe/frozen_agreement': {
    title: 'Same verdict as at the start',
    unit: '%',
    help: 'Share of verdicts on stored answers that are the same with the weights of now and of the start.',
  },
  'probe/reward_gap': {
    title: 'Reward gap vs frozen grader',
    unit: '',
    help: 'On the newest answers: reward of the run minus reward by the frozen grader. A growing gap is reward that an unchanged grader would not give.',
    chart: { row: 'graderCheck', at: 7, hue: 'orange' },
  },
  'probe/yes_rate_positive': {
    title: 'Yes to good criteria, stored answers',
    unit: '%',
    help: 'On stored answers, which do not change: share judged met among criteria with positive points.',
    chart: { row: 'graderCheck', at: 8, title: 'Yes to the same answers', hue: 'blue', label: 'to good criteria' },
  },
  'probe/yes_rate_negative': {
    title: 'Yes to harms, stored answers',
    unit: '%',
    help: 'On stored answers, which do not change: share judged met among criteria with negative points.',
    chart: { row: 'graderCheck', at: 9, title: 'Yes to the same answers', hue: 'orange', label: 'to harms' },
  },
  'probe/ideal': {
    title: 'Ideal answers',
    unit: '%',
    help: 'Good criteria judged met in the ideal answers that come with the data. Must stay high.',
    chart: { row: 'graderCheck', at: 1, title: 'Control answers', hue: 'green', label: 'ideal answers' },
  },
  'probe/control_empty': {
    title: 'Empty answer',
    unit: '%',
    help: 'Good criteria judged met in an empty answer. Must stay near 0.',
    chart: { row: 'graderCheck', at: 4, title: 'Control answers', hue: 'orange', label: 'empty' },
  },
  'probe/control_colon': {
    title: 'Only a colon',
    unit: '%',
    help: 'Good criteria judged met in the answer “:”. Must stay near 0; weak graders are known to be fooled by it.',
    chart: { row: 'graderCheck', at: 5, title: 'Control answers', hue: 'blue', label: 'only “:”' },
  },
  'probe/control_echo': {
    title: 'Question repeated',
    unit: '%',
    help: 'Good criteria judged met when the answer only repeats the question. Must stay low.',
    chart: { row: 'graderCheck', at: 3, title: 'Control answers', hue: 'purple', label: 'the prompt repeated' },
  },
  'probe/control_other': {
    title: 'Answer to another question',
    unit: '%',
    help: 'Good criteria judged met in an answer to another question. Must stay low, though some advice fits many questions.',
    chart: { row: 'graderCheck', at: 2, title: 'Control answers', hue: 'grey', label: 'answers to another prompt' },
  },
  'probe/repeat_agreement': {
    title: 'Same verdict when asked again',
    unit: '%',
    help: 'Share of verdicts on stored answers that stay the same with other random draws. Only where something is drawn.',
    chart: {
      row: 'graderCheck',
      at: 10,
      title: 'Steadiness of the grader',
      hue: 'blue',
      label: 'same verdict when asked again',
    },
  },
  'probe/confidence': {
    title: 'Confidence of verdicts',
    unit: '%',
    help: 'Mean probability of the verdict given, on stored answers; 50 % is a coin. Only where verdicts are read from probabilities.',
    chart: { row: 'graderCheck', at: 11, title: 'Steadiness of the grader', hue: 'green', label: 'confidence' },
  },
  'probe/unsure': {
    title: 'Close calls',
    unit: '%',
    help: 'Share of verdicts on stored answers whose probability lies between 40 % and 60 %.',
    chart: { row: 'graderCheck', at: 12, title: 'Steadiness of the grader', hue: 'grey', label: 'close calls' },
  },
  'probe/ungraded': {
    title: 'Unreadable grades in the check',
    unit: '%',
    help: 'Share of grades of stored answers that could not be read.',
    chart: { row: 'graderCheck', at: 13, hue: 'purple' },
  },
  'time/probe': { title: 'Checking the grader', unit: 's', help: 'Time of the check. Not part of the step’s time.' },
} as const satisfies Readonly<Record<string, MetricInfo>>;

export type ProbeMetrics = { readonly [K in keyof typeof PROBE_METRICS]: number | null };

/** Of a step without a check. */
export const NO_PROBES = Object.fromEntries(Object.keys(PROBE_METRICS).map((key) => [key, null])) as ProbeMetrics;
