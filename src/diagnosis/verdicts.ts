import type { Found } from './finding';
import { change, climb, first, onset, recent } from './points';
import type { RunLog } from './runLog';
import { number, share } from './words';

export const UNGRADED_LIMIT = 0.05;
export const EQUAL_LIMIT = 0.8;
const ONE_SIDED = 0.95;
/** Entropy of a token, in nats, below which it is nearly certain: 0.1 is e.g. 98 % for the most likely. */
export const SURE = 0.1;

/** A grader that gives one verdict to everything, so that all answers to a prompt get the same reward. */
export function verdictCollapse({ of }: RunLog): Found | null {
  const yes = of('grader/yes_rate');
  const now = recent(yes);
  const equal = recent(of('frac_reward_zero_std'));
  if (now === null || equal === null || equal < 0.5) return null;
  const always = now > ONE_SIDED;
  if (!always && now >= 1 - ONE_SIDED) return null;
  // All positive criteria met without harms is a solved task, not a grader that cannot say no.
  const harms = recent(of('grader/yes_rate_negative'));
  if (always && harms !== null && harms < 0.5) return null;
  const truth = change(of('grader/true_agreement'));
  const before = first(yes);
  // The onset is where a grader began to change, not where it ended: the checkpoints in between are bad as well.
  const changed = Math.abs(now - before) > 0.2;
  const towards = yes.map(({ step, value }) => ({ step, value: always ? value : -value }));
  return {
    id: 'verdictCollapse',
    // Without harms in the rubrics, a solved task looks the same.
    level: always && harms === null ? 'watch' : 'problem',
    title: `the grader ${changed ? 'has come to say' : 'says'} ${always ? 'yes' : 'no'} to nearly everything (${share(now)} yes${changed ? `, ${share(before)} at first` : ''})`,
    step:
      (changed && climb(towards)?.step) || onset(yes, (value) => (always ? value > ONE_SIDED : value < 1 - ONE_SIDED)),
    evidence: [
      { key: 'grader/yes_rate', before, now },
      { key: 'frac_reward_zero_std', before: first(of('frac_reward_zero_std')), now: equal },
      ...(truth ? [{ key: 'grader/true_agreement' as const, before: truth.before, now: truth.now }] : []),
    ],
    cause: always
      ? 'Training for high grades has taught the grader to say yes. All answers to a prompt get the same reward, so nothing is learned.'
      : 'No answer meets a criterion, so all answers to a prompt get the same reward and nothing is learned.',
    tries: [
      'Go back to an earlier checkpoint and use the frozen grader',
      'Make the grader write its reason before the verdict',
      'Use a teacher for a share of the prompts',
    ],
  };
}

/** Groups whose answers all got the same reward. */
export function equalGroups({ of }: RunLog): Found | null {
  const key = 'frac_reward_zero_std';
  const points = of(key);
  const now = recent(points);
  if (now === null || now <= EQUAL_LIMIT) return null;
  const solved = (recent(of('reward')) ?? 0) > 0.95;
  const entropy = recent(of('entropy'));
  const differ = entropy !== null && entropy >= SURE;
  return {
    id: 'equalGroups',
    level: solved ? 'watch' : 'problem',
    title: `${share(now)} of prompts had equal rewards, so there is nothing to learn from them`,
    step: onset(points, (value) => value > EQUAL_LIMIT),
    evidence: [
      { key, before: first(points), now },
      { key: 'reward_std', before: null, now: recent(of('reward_std')) ?? 0 },
    ],
    cause: solved
      ? 'Nearly every answer gets full reward, so these prompts teach nothing more.'
      : differ
        ? `The answers to a prompt differ (entropy ${number(entropy)} nats), but their grades do not: the rubric or the grader does not distinguish them.`
        : 'Answers to a prompt differ too little, or the rubric does not distinguish them.',
    tries: solved
      ? ['Use harder prompts', 'Stop here: this rubric teaches nothing more']
      : differ
        ? ['Read the answers to one prompt and their grades', 'Use a finer rubric', 'Use another grader']
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
