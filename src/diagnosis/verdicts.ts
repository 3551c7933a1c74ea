import type { Evidence, Found } from './finding';
import { climb, first, onset, RECENT, recent, recentOrOnly } from './points';
import { graderIsRight, type RunLog } from './runLog';
import { number, share } from './words';

export const UNGRADED_LIMIT = 0.05;
export const EQUAL_LIMIT = 0.8;
const ONE_SIDED = 0.95;
/** Entropy of a token, in nats, below which it is nearly certain: 0.1 is e.g. 98 % for the most likely. */
export const SURE = 0.1;

/** Shares of verdicts and equal groups, where they say that the grader gives one verdict to everything. */
function oneVerdict({ of }: RunLog, always: boolean) {
  const yes = of('grader/yes_rate');
  const groups = of('frac_reward_zero_std');
  const now = recentOrOnly(yes, always ? 1 : 0);
  const equal = recentOrOnly(groups, 1);
  if (now === null || equal === null || equal < 0.5) return null;
  if (always ? now <= ONE_SIDED : now >= 1 - ONE_SIDED) return null;
  return { yes, now, before: first(yes), equal, never: groups.every(({ value }) => value === 1) };
}

const evidenceOf = ({ of }: RunLog, { now, before, equal }: NonNullable<ReturnType<typeof oneVerdict>>): Evidence[] => {
  const truth = of('grader/true_agreement');
  return [
    { key: 'grader/yes_rate', before, now },
    { key: 'frac_reward_zero_std', before: first(of('frac_reward_zero_std')), now: equal },
    ...(truth.length > 0
      ? [{ key: 'grader/true_agreement' as const, before: first(truth), now: recent(truth, RECENT, 1)! }]
      : []),
  ];
};

/** Where a run could never learn, because rewards have been equal from the first step. */
const FROM_THE_START = [
  'Use a soft reward: set Verdict to Probability',
  'Use another grader: a teacher or a larger model',
  'Draw verdicts instead of taking the most likely',
];

/** A grader that says yes to everything, so that all answers to a prompt get the same reward. */
export function verdictCollapse(run: RunLog): Found | null {
  const said = oneVerdict(run, true);
  if (!said || graderIsRight(run)) return null;
  const { yes, now, before, never } = said;
  // All positive criteria met without harms is a solved task, not a grader that cannot say no.
  const harms = recent(run.of('grader/yes_rate_negative'), RECENT, 1);
  if (harms !== null && harms < 0.5) return null;
  // The onset is where a grader began to change, not where it ended: the checkpoints in between are bad as well.
  const changed = Math.abs(now - before) > 0.2;
  return {
    id: 'verdictCollapse',
    // Without harms in the rubrics, a solved task looks the same; from the first step, neither teaches anything.
    level: harms === null && !never ? 'watch' : 'problem',
    title: `the grader ${changed ? 'has come to say' : 'says'} yes to nearly everything (${share(now)} yes${changed ? `, ${share(before)} at first` : ''})`,
    step: (changed && climb(yes)?.step) || onset(yes, (value) => value > ONE_SIDED),
    evidence: evidenceOf(run, said),
    cause: never
      ? 'This grader does not distinguish the answers. All answers to a prompt get the same reward, so nothing is learned.'
      : 'Training for high grades has taught the grader to say yes. All answers to a prompt get the same reward, so nothing is learned.',
    tries: never
      ? FROM_THE_START
      : [
          'Go back to an earlier checkpoint and use the frozen grader',
          'Make the grader write its reason before the verdict',
          'Use a teacher for a share of the prompts',
        ],
  };
}

/** A grader that says no to everything: it is broken, or the answers are. */
export function nothingMet(run: RunLog): Found | null {
  const said = oneVerdict(run, false);
  if (!said) return null;
  const { yes, now, before, never } = said;
  const changed = before - now > 0.2;
  const right = graderIsRight(run);
  return {
    id: 'nothingMet',
    level: 'problem',
    title: `${right ? 'no answer meets a criterion any more, and the grader is right' : `the grader ${changed ? 'has come to say' : 'says'} no to nearly everything`} (${share(now)} yes${changed ? `, ${share(before)} at first` : ''})`,
    step:
      (changed && climb(yes.map(({ step, value }) => ({ step, value: -value })))?.step) ||
      onset(yes, (value) => value < 1 - ONE_SIDED),
    evidence: evidenceOf(run, said),
    cause: right
      ? 'The answers have become worse, so that all answers to a prompt get the same reward and nothing is learned.'
      : 'No answer meets a criterion, so all answers to a prompt get the same reward and nothing is learned.',
    tries: never
      ? FROM_THE_START
      : right
        ? ['Go back to an earlier checkpoint', 'Lower the learning rate', 'Turn on the KL penalty']
        : [
            'Go back to an earlier checkpoint and use the frozen grader',
            'Make the grader write its reason before the verdict',
            'Use a teacher for a share of the prompts',
          ],
  };
}

/** Groups whose answers all got the same reward. */
export function equalGroups(run: RunLog): Found | null {
  const { of } = run;
  const key = 'frac_reward_zero_std';
  const points = of(key);
  const now = recentOrOnly(points, 1);
  if (now === null || now <= EQUAL_LIMIT) return null;
  const never = points.every(({ value }) => value === 1);
  const solved = (recent(of('reward'), RECENT, 1) ?? 0) > 0.95;
  const entropy = recent(of('entropy'), RECENT, 1);
  const differ = entropy !== null && entropy >= SURE;
  const right = graderIsRight(run);
  return {
    id: 'equalGroups',
    level: solved && !never ? 'watch' : 'problem',
    title: `${share(now)} of prompts had equal rewards, so there is nothing to learn from them`,
    step: onset(points, (value) => value > EQUAL_LIMIT),
    evidence: [
      { key, before: first(points), now },
      { key: 'reward_std', before: null, now: recent(of('reward_std'), RECENT, 1) ?? 0 },
    ],
    cause: solved
      ? 'Nearly every answer gets full reward, so these prompts teach nothing more.'
      : differ
        ? `The answers to a prompt differ (entropy ${number(entropy)} nats), but their grades do not: ${right ? 'the rubric does not distinguish them, and the grader is right' : 'the rubric or the grader does not distinguish them'}.`
        : 'Answers to a prompt differ too little, or the rubric does not distinguish them.',
    tries: solved
      ? ['Use harder prompts', 'Stop here: this rubric teaches nothing more']
      : differ
        ? [
            'Read the answers to one prompt and their grades',
            'Use a finer rubric',
            right ? 'Use a soft reward: set Verdict to Probability' : 'Use another grader, or a soft reward',
          ]
        : ['Use more answers per prompt', 'Raise the sampling temperature', 'Turn on extra sampling rounds'],
  };
}

/** Unreadable grades. */
export function ungraded({ of, config }: RunLog): Found | null {
  const key = 'grader/ungraded';
  const points = of(key);
  const now = recent(points);
  if (now === null || now <= UNGRADED_LIMIT) return null;
  const free = config?.grader.mode === 'json';
  return {
    id: 'ungraded',
    level: now > 0.2 ? 'problem' : 'watch',
    title: `${share(now)} of grades are unreadable`,
    step: onset(points, (value) => value > UNGRADED_LIMIT),
    evidence: [{ key, before: first(points), now }],
    cause: free
      ? 'Small models rarely write well-formed JSON grades.'
      : 'Grading prompts do not fit the context, or their probabilities are not finite. Select a criterion in Rollouts for the reason.',
    tries: [
      free ? 'Use a grading mode that fixes the JSON frame' : 'Shorten answers or prompts',
      'Use verdicts without reasons',
      'Raise the grader’s token limit or its tries',
    ],
  };
}
