/**
 * Checks of the model as a grader on stored items, every so many steps (rl/probes.ts). Items and draws are the same each time, so that a change
 * is a change of the grader. Null in the steps between.
 */
export const PROBE_METRICS = {
  'probe/leniency': {
    title: 'More lenient than at the start',
    unit: '%',
    help: 'Share judged met by the model as it is now, less the share by its starting weights, on the same stored answers. Near 0 is healthy; a rise means that it has become a softer grader.',
  },
  'probe/frozen_agreement': {
    title: 'Same verdict as at the start',
    unit: '%',
    help: 'Share of verdicts on stored answers that are the same with the weights of now and of the start.',
  },
  'probe/reward_gap': {
    title: 'Reward beyond the starting grader’s',
    unit: '',
    help: 'On the newest answers: the reward that this run gave, less the reward by the starting weights. A growing gap is reward that an unchanged grader would not give.',
  },
  'probe/yes_rate_positive': {
    title: 'Yes to good criteria, stored answers',
    unit: '%',
    help: 'On stored answers, which do not change: share judged met among criteria with positive points.',
  },
  'probe/yes_rate_negative': {
    title: 'Yes to harms, stored answers',
    unit: '%',
    help: 'On stored answers, which do not change: share judged met among criteria with negative points.',
  },
  'probe/ideal': {
    title: 'Ideal answers',
    unit: '%',
    help: 'Good criteria judged met in the ideal answers that come with the data. Must stay high.',
  },
  'probe/control_empty': {
    title: 'Empty answer',
    unit: '%',
    help: 'Good criteria judged met in an empty answer. Must stay near 0.',
  },
  'probe/control_colon': {
    title: 'Only a colon',
    unit: '%',
    help: 'Good criteria judged met in the answer “:”. Must stay near 0; weak graders are known to be fooled by it.',
  },
  'probe/control_echo': {
    title: 'Question repeated',
    unit: '%',
    help: 'Good criteria judged met when the answer only repeats the question. Must stay low.',
  },
  'probe/control_other': {
    title: 'Answer to another question',
    unit: '%',
    help: 'Good criteria judged met in an answer to another question. Must stay low, though some advice fits many questions.',
  },
  'probe/repeat_agreement': {
    title: 'Same verdict when asked again',
    unit: '%',
    help: 'Share of verdicts on stored answers that stay the same with other random draws. Only where something is drawn.',
  },
  'probe/confidence': {
    title: 'Sureness of verdicts',
    unit: '%',
    help: 'Mean probability of the verdict given, on stored answers; 50 % is a coin. Only where verdicts are read from probabilities.',
  },
  'probe/unsure': {
    title: 'Close calls',
    unit: '%',
    help: 'Share of verdicts on stored answers whose probability lies between 40 % and 60 %.',
  },
  'probe/ungraded': {
    title: 'Unreadable in the check',
    unit: '%',
    help: 'Share of grades of stored answers that could not be read.',
  },
  'time/probe': { title: 'Checking the grader', unit: 's', help: 'Time of the check. Not part of the step’s time.' },
} as const;

export type ProbeMetrics = { readonly [K in keyof typeof PROBE_METRICS]: number | null };

/** Of a step without a check. */
export const NO_PROBES = Object.fromEntries(Object.keys(PROBE_METRICS).map((key) => [key, null])) as ProbeMetrics;
