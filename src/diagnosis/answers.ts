import type { Found } from './finding';
import { change, climb, first, onset, recent } from './points';
import type { RunLog } from './runLog';
import { share } from './words';

export const CUT_OFF_LIMIT = 0.3;
const REPETITION_LIMIT = 0.3;

/** Answers that end at the limit instead of at their end. */
export function cutOff({ of, config }: RunLog): Found | null {
  const key = 'completions/clipped_ratio';
  const points = of(key);
  const now = recent(points);
  if (now === null || now <= CUT_OFF_LIMIT) return null;
  const limit = config?.sampling.maxNewTokens;
  return {
    id: 'cutOff',
    level: now > 0.8 ? 'problem' : 'watch',
    title: `${share(now)} of answers are cut off${limit ? ` at ${limit} tokens` : ''}`,
    step: onset(points, (value) => value > CUT_OFF_LIMIT),
    evidence: [{ key, before: first(points), now }],
    cause:
      'Answers reach the length limit before they end: what they would have said last is neither graded nor learned.',
    tries: ['Raise the longest answer', 'Leave cut-off answers out of the loss', 'Switch the over-long penalty on'],
  };
}

/** Length that climbs to the limit: the first thing that rubric rewards without a price on length bring about. */
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
      cause:
        'Answers grow although that earns nothing: rewards that are noise, or an entropy bonus, move the model towards ever longer ones.',
      tries: ['Lower the learning rate', 'Lower the entropy bonus, if there is one', 'Raise the length penalty'],
    };
  }
  const priced = hasPenalty(run);
  return {
    cause: `Saying more meets more criteria, and ${priced ? 'the penalty costs less than that earns' : 'nothing costs length'}.`,
    tries: [
      priced ? 'Raise the length penalty' : 'Switch a length penalty on',
      'Use rubrics that have a criterion against length',
      'Raise the longest answer, if the answers are good',
    ],
  };
}

const hasPenalty = ({ config }: RunLog): boolean =>
  config !== null && (config.lengthPenalty.overlongTokens > 0 || config.lengthPenalty.per500Characters > 0);

/** Answers that shrink to almost nothing while their reward holds. */
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
      ? 'Nearly empty answers are graded as well as real ones: the grader can be had for nothing.'
      : priced
        ? 'The penalty on length takes more than an answer can earn, and reward falls with what is left out.'
        : 'Short answers avoid harms, and the grader finds too little to reward in longer ones.',
    tries: priced
      ? ['Lower the length penalty', 'Let it begin at longer answers', 'Go back to a checkpoint of before']
      : [
          'Read the newest answers beside their grades',
          'Let the starting model grade',
          'Lower the length penalty, if there is one',
        ],
  };
}

/** Answers that go round in circles. */
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
    title: `answers repeat themselves: ${share(now)} of their phrases occurred before`,
    step: onset(points, (value) => value > before + 0.1),
    evidence: [{ key, before, now }],
    cause:
      'The model goes round in circles instead of ending: updates that were too large, or a grader that rewards saying things twice.',
    tries: ['Go back to an earlier checkpoint with a lower learning rate', 'Switch a length penalty on'],
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
