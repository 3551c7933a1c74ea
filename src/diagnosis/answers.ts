import type { Found } from './finding';
import { change, climb, first, onset, recent, recentOrOnly } from './points';
import type { RunLog } from './runLog';
import { share } from './words';

export const CUT_OFF_LIMIT = 0.3;
const REPETITION_LIMIT = 0.3;

/** Answers cut off at the length limit. */
export function cutOff({ of, config }: RunLog): Found | null {
  const key = 'completions/clipped_ratio';
  const points = of(key);
  const now = recentOrOnly(points, 1);
  if (now === null || now <= CUT_OFF_LIMIT) return null;
  const all = now === 1;
  const limit = config?.sampling.maxNewTokens;
  return {
    id: 'cutOff',
    level: now > 0.8 ? 'problem' : 'watch',
    title: `${all ? 'all' : `${share(now)} of`} answers are cut off${limit ? ` at ${limit} tokens` : ''}`,
    step: onset(points, (value) => value > CUT_OFF_LIMIT),
    evidence: [{ key, before: first(points), now }],
    cause: 'Answers reach the length limit before they end, so their last part is neither graded nor learned.',
    // Masked, a step of cut-off answers teaches nothing; a penalty that all get teaches nothing either.
    tries: all
      ? ['Raise the max answer length', 'Use an instruction-tuned model, or a warm start on ideal completions']
      : ['Raise the max answer length', 'Mask cut-off answers in the loss', 'Turn on the soft overlong penalty'],
  };
}

/** Length that climbs to the limit: rubric rewards without a length penalty cause it first. */
export function length(run: RunLog): Found | null {
  const { of, config } = run;
  const key = 'completions/median_length';
  const points = of(key);
  const longer = change(points);
  if (points.length < 12 || !longer || longer.z < 3) return null;
  const limit = config?.sampling.maxNewTokens ?? null;
  const cut = recent(of('completions/clipped_ratio')) ?? 0;
  const p90 = recent(of('completions/p90_length')) ?? longer.now;
  const atLimit = cut > 0.2 || (limit !== null && p90 >= 0.95 * limit && longer.now >= 0.6 * limit);
  if (longer.now < 1.3 * longer.before || !(atLimit || longer.now >= 3 * longer.before)) return null;
  return {
    id: 'length',
    level: cut > 0.5 ? 'problem' : 'watch',
    title: `answers have grown from ${Math.round(longer.before)} to ${Math.round(longer.now)} tokens${atLimit ? ' and reach the limit' : ''}`,
    step: climb(points)?.step ?? points[0]!.step,
    evidence: [
      { key, before: longer.before, now: longer.now },
      { key: 'completions/clipped_ratio', before: null, now: cut },
    ],
    ...whyLonger(run),
  };
}

function whyLonger(run: RunLog): Pick<Found, 'cause' | 'tries'> {
  const reward = change(run.of('reward'));
  if (reward && reward.by < 0.02) {
    return {
      cause: 'Longer answers earn no more reward: noisy rewards or an entropy bonus make answers longer.',
      tries: ['Lower the learning rate', 'Lower the entropy bonus, if it is on', 'Raise the length penalty'],
    };
  }
  const priced = hasPenalty(run);
  return {
    cause: `Longer answers meet more criteria, and ${priced ? 'the length penalty costs less than they earn' : 'there is no length penalty'}.`,
    tries: [
      priced ? 'Raise the length penalty' : 'Turn on a length penalty',
      'Add a criterion against length to the rubrics',
      'Raise the max answer length, if the answers are good',
    ],
  };
}

const hasPenalty = ({ config }: RunLog): boolean =>
  config !== null && (config.lengthPenalty.overlongTokens > 0 || config.lengthPenalty.per500Characters > 0);

/** Answers that shrink to almost nothing while their reward stays high. */
export function shortAnswers(run: RunLog): Found | null {
  const { of } = run;
  const key = 'completions/median_length';
  const points = of(key);
  const shorter = change(points);
  if (points.length < 12 || !shorter || shorter.z > -3 || shorter.now > 0.4 * shorter.before) return null;
  const reward = change(of('reward'));
  const pays = reward !== null && reward.by > -0.05;
  const priced = !pays && hasPenalty(run);
  return {
    id: 'shortAnswers',
    level: pays || priced ? 'problem' : 'watch',
    title: `answers have shrunk from ${Math.round(shorter.before)} to ${Math.round(shorter.now)} tokens`,
    step: onset(points, (value) => value < 0.7 * shorter.before),
    evidence: [
      { key, before: shorter.before, now: shorter.now },
      ...(reward ? [{ key: 'reward' as const, before: reward.before, now: reward.now }] : []),
    ],
    cause: pays
      ? 'The grader rewards nearly empty answers as much as real ones.'
      : priced
        ? 'The length penalty costs more than an answer can earn, so answers leave content out and the reward falls.'
        : 'Short answers avoid harms, and the grader finds too little to reward in longer ones.',
    tries: priced
      ? ['Lower the length penalty', 'Start it at longer answers', 'Go back to an earlier checkpoint']
      : ['Read the newest answers and their grades', 'Use the frozen grader', 'Lower the length penalty, if it is on'],
  };
}

/** Answers that repeat themselves. */
export function repetition({ of }: RunLog): Found | null {
  const key = 'completions/repetition';
  const points = of(key);
  const now = recent(points);
  if (now === null || now <= REPETITION_LIMIT) return null;
  const before = first(points);
  if (now < before + 0.15) return null;
  return {
    id: 'repetition',
    level: now > 0.5 ? 'problem' : 'watch',
    title: `answers repeat themselves: ${share(now)} of their phrases are repeats`,
    step: onset(points, (value) => value > before + 0.1),
    evidence: [{ key, before, now }],
    cause: 'The model repeats itself instead of ending: updates were too large, or the grader rewards repetition.',
    tries: ['Continue from an earlier checkpoint with a lower learning rate', 'Turn on a length penalty'],
  };
}

const SPEAKS_LIMIT = 0.05;

/** Answers written for the grader instead of for whoever asked. */
export function speaksToGrader({ of }: RunLog): Found | null {
  const key = 'completions/speaks_to_grader';
  const points = of(key);
  const now = recent(points);
  if (now === null || now <= SPEAKS_LIMIT) return null;
  return {
    id: 'speaksToGrader',
    level: now > 0.2 ? 'problem' : 'watch',
    title: `${share(now)} of answers speak to the grader`,
    step: onset(points, (value) => value > SPEAKS_LIMIT),
    evidence: [{ key, before: first(points), now }],
    cause:
      'Answers ask for their verdict, or write one. Where that pays, the reward says nothing about the rest of the answer.',
    tries: [
      'Read these answers beside their grades',
      'Let the starting model or a teacher grade',
      'Use a grader prompt with a fence',
    ],
  };
}
