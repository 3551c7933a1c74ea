import type { Found } from './finding';
import { change, climb, first, onset, recent } from './points';
import type { RunLog } from './runLog';
import { number, share } from './words';

export const UNGRADED_LIMIT = 0.05;
export const EQUAL_LIMIT = 0.8;
const ONE_SIDED = 0.95;
/** Nats of a token's distribution below which it is as good as one token: 0.1 is e.g. 98 % for the likeliest. */
export const SURE = 0.1;

/** A grader that says the same to everything: every answer to a prompt then gets the same reward. */
export function verdictCollapse({ of }: RunLog): Found | null {
  const yes = of('grader/yes_rate');
  const now = recent(yes);
  const equal = recent(of('frac_reward_zero_std'));
  if (now === null || equal === null || equal < 0.5) return null;
  const always = now > ONE_SIDED;
  if (!always && now >= 1 - ONE_SIDED) return null;
  // All good criteria met and no harm is a solved task, not a grader that cannot say no.
  const harms = recent(of('grader/yes_rate_negative'));
  if (always && harms !== null && harms < 0.5) return null;
  const truth = change(of('grader/true_agreement'));
  const before = first(yes);
  // A grader that was otherwise at first went wrong where it began to change, not where it arrived: the checkpoints between are spoilt as well.
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
      ? 'Learning to be graded well has taught the grader to say yes. All answers to a prompt now get the same reward, so nothing is learned.'
      : 'No answer gets a criterion, so all answers to a prompt are equal and nothing is learned.',
    tries: [
      'Go back to a checkpoint of before, and let the starting model grade',
      'Let the grader write its reason before the verdict',
      'Let a teacher grade a share of the prompts',
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
    title: `${share(now)} of prompts had equal rewards: nothing to learn from`,
    step: onset(points, (value) => value > EQUAL_LIMIT),
    evidence: [
      { key, before: first(points), now },
      { key: 'reward_std', before: null, now: recent(of('reward_std')) ?? 0 },
    ],
    cause: solved
      ? 'Nearly every answer gets full reward: these prompts have nothing more to teach.'
      : differ
        ? `The answers to a prompt differ (entropy ${number(entropy)} nats), their grades do not: the rubric or the grader does not tell them apart.`
        : 'Answers to a prompt differ too little, or the rubric does not tell them apart.',
    tries: solved
      ? ['Use harder prompts', 'Stop here: this is the end of what this rubric can teach']
      : differ
        ? ['Read the answers to one prompt beside their grades', 'Use a finer rubric', 'Let another grader grade']
        : ['More answers per prompt', 'Raise the temperature of answers', 'Refill equal groups with other prompts'],
  };
}

/** Grades that could not be read. */
export function ungraded({ of, config }: RunLog): Found | null {
  const key = 'grader/ungraded';
  const points = of(key);
  const now = recent(points);
  if (now === null || now <= UNGRADED_LIMIT) return null;
  const free = config?.grader.mode === 'json';
  return {
    id: 'ungraded',
    level: now > 0.2 ? 'problem' : 'watch',
    title: `${share(now)} of grades could not be read`,
    step: onset(points, (value) => value > UNGRADED_LIMIT),
    evidence: [{ key, before: first(points), now }],
    cause: free
      ? 'Small models rarely keep the JSON of a grade well-formed.'
      : 'Grading prompts do not fit the context, or their probabilities are not numbers: a criterion in Rollouts says why.',
    tries: [
      free ? 'Let the lab give the JSON frame: “Reason, then verdict”' : 'Shorten answers or prompts',
      'Ask for the verdict only',
      'Raise the grader’s token limit, or its tries',
    ],
  };
}
