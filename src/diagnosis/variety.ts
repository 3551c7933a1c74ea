import type { Found } from './finding';
import { change, climb, first, line, onset, type Points, recent } from './points';
import type { RunLog } from './runLog';
import { EQUAL_LIMIT, SURE } from './verdicts';
import { number, share } from './words';

/** Answers that were alike from the start, so that groups have no differences. */
export function alike({ of }: RunLog): Found | null {
  const key = 'entropy';
  const points = of(key);
  const [now, equal] = [recent(points), recent(of('frac_reward_zero_std'))];
  if (now === null || equal === null || equal <= 0.5 || now >= SURE || first(points) >= SURE) return null;
  return {
    id: 'alike',
    level: equal > EQUAL_LIMIT ? 'problem' : 'watch',
    title: `the answers to a prompt are nearly identical: entropy ${number(now)} nats, and ${share(equal)} of prompts had equal rewards`,
    step: points[0]!.step,
    evidence: [
      { key, before: null, now },
      { key: 'frac_reward_zero_std', before: null, now: equal },
    ],
    cause: 'The sampling temperature is too low, or this model is sure of nearly every word, so it explores nothing.',
    tries: ['Raise the sampling temperature', 'Add an entropy bonus', 'Use more answers per prompt'],
  };
}

const GONE = 'Answers become alike: the model repeats what was rewarded first and stops exploring.';

/** Shares of the starting entropy: fallen, low, gone. */
const [FALLEN, LOW, NONE] = [0.4, 0.2, 0.1];

/** Entropy that is gone, low, or will be gone before the run ends. */
export function entropy({ of, config }: RunLog): Found | null {
  const key = 'entropy';
  const points = of(key);
  const now = recent(points);
  if (now === null) return null;
  const start = first(points);
  const floor = Math.max(0.01, NONE * start);
  const tries = [
    'Lower the learning rate',
    'Raise the upper clip range, or add an entropy bonus',
    'Raise the sampling temperature',
  ];
  if (now < floor) {
    return {
      id: 'entropy',
      level: 'problem',
      title: `variety is nearly gone: entropy ${number(now)} nats`,
      step: onset(points, (value) => value < floor),
      evidence: [{ key, before: start, now }],
      cause: GONE,
      tries,
    };
  }
  // Gone soon, or low enough at the end of the run to be as bad.
  const low = now < LOW * start;
  const arrival = arrivalAt(points, floor, now, start);
  const inTime = arrival !== null && arrival <= (config?.steps ?? 1.5 * points.at(-1)!.step);
  if (points.length < 16 || (!low && !inTime)) return null;
  return {
    id: 'entropy',
    level: 'watch',
    title: inTime
      ? `entropy has fallen from ${number(start)} to ${number(now)} nats and will be gone about step ${arrival}`
      : `entropy has fallen from ${number(start)} to ${number(now)} nats`,
    step: onset(points, (value) => value < FALLEN * start),
    evidence: [{ key, before: start, now }],
    cause: GONE,
    tries,
  };
}

/** The step at which a continuing fall reaches the floor; null without one. */
function arrivalAt(points: Points, floor: number, now: number, start: number): number | null {
  const late = points.slice(-Math.max(12, Math.floor(points.length / 2)));
  const fit = line(late.map(({ step, value }) => ({ step, value: Math.log(Math.max(value, 1e-6)) })));
  if (now > FALLEN * start || !fit || fit.t > -4) return null;
  return Math.ceil(points.at(-1)!.step + Math.log(floor / now) / fit.slope);
}

/** Entropy that climbs: answers become noise. */
export function noise({ of, config }: RunLog): Found | null {
  const key = 'entropy';
  const points = of(key);
  const more = change(points);
  if (points.length < 12 || !more || more.z < 4 || more.by < 0.3 || more.now < 1.5 * more.before) return null;
  const reward = change(of('reward'));
  const bonus = config?.loss.entropyCoef ?? 0;
  const costs = reward !== null && reward.by < -0.03 && reward.z < -2;
  return {
    id: 'noise',
    level: costs || more.now > 2 * more.before ? 'problem' : 'watch',
    title: `answers become more random: entropy has risen from ${number(more.before)} to ${number(more.now)} nats`,
    step: climb(points)?.step ?? points[0]!.step,
    evidence: [
      { key, before: more.before, now: more.now },
      ...(reward ? [{ key: 'reward' as const, before: reward.before, now: reward.now }] : []),
    ],
    cause: bonus
      ? `The entropy bonus (weight ${number(bonus)}) outweighs the reward for good answers.`
      : 'Updates are too large or rewards too noisy, and they destroy what the model knew.',
    tries: [
      bonus ? 'Lower the entropy bonus' : 'Lower the sampling temperature',
      'Lower the learning rate',
      'Read the newest answers',
    ],
  };
}
