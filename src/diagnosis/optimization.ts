import { LOSS_TYPES } from '../domain/recipe/loss';
import { median } from '../domain/statistics';
import type { Found } from './finding';
import { change, climb, first, mean, onset, RECENT, recent } from './points';
import type { RunLog } from './runLog';
import { number, share } from './words';

/** Largest difference within one engine and one arithmetic (design: 1e-4 nats). */
export const LOGPROB_LIMIT = 1e-4;
export const CLIPPED_LIMIT = 0.1;

/** Rollout and update must compute the same probabilities. */
export function logprobs({ of }: RunLog): Found | null {
  const key = 'sampling/sampling_logp_difference/mean';
  const points = of(key);
  const now = recent(points, 3, 1);
  if (now === null || now <= LOGPROB_LIMIT) return null;
  return {
    id: 'logprobs',
    level: 'problem',
    title: `logprobs of rollout and update differ by ${number(now)} nats`,
    step: onset(points, (value) => value > LOGPROB_LIMIT),
    evidence: [{ key, before: points.length > 3 ? first(points, 3) : null, now }],
    cause:
      'One engine computes both from the same weights. A difference above 1e-4 is a fault of the engine on this graphics adapter, or rollout and update use different weights.',
    tries: [
      'Stop the run: its updates may be wrong',
      'Update the browser and the graphics driver, or try another adapter',
      'Report it with the adapter’s name from Set up',
    ],
  };
}

/** Steps of a gradient of exactly 0: nothing is learned, from the first step on. */
export function noGradient({ of }: RunLog): Found | null {
  const key = 'grad_norm';
  const points = of(key);
  const newest = points.slice(-RECENT);
  if (newest.length === 0 || newest.some(({ value }) => value !== 0)) return null;
  const from = points.length - [...points].reverse().findIndex(({ value }) => value !== 0);
  const step = (points[from > points.length ? 0 : from] ?? points[0]!).step;
  return {
    id: 'noGradient',
    level: 'problem',
    title: `the gradient is 0 since step ${step}: nothing is learned`,
    step,
    evidence: [{ key, before: points.length > RECENT ? first(points) : null, now: 0 }],
    cause: 'All advantages are 0, or all answers are masked in the loss.',
    tries: [
      'Read the answers to one prompt and their grades',
      'Use a soft reward: set Verdict to Probability',
      'Raise the max answer length, if answers are cut off',
    ],
  };
}

/** Norms that are not finite, that stay ten times higher, or that jump repeatedly. */
export function gradient({ metrics, of }: RunLog): Found | null {
  const key = 'grad_norm';
  const tries = ['Lower the learning rate to a third', 'Lengthen the warm-up', 'Lower the max gradient norm'];
  const broken = metrics.find((row) => typeof row[key] === 'number' && !Number.isFinite(row[key]));
  if (broken) {
    return {
      id: 'gradient',
      level: 'problem',
      title: `the gradient was not finite in step ${broken.step}`,
      step: broken.step,
      evidence: [],
      cause: 'A number overflowed. That update was skipped.',
      tries,
    };
  }
  const points = of(key);
  if (points.length < 12) return null;
  const before = first(points, 10);
  const now = mean(points.slice(-5));
  if (now > 10 * before && now > 10) {
    return {
      id: 'gradient',
      level: 'problem',
      title: `gradients have grown from ${number(before)} to ${number(now)}`,
      step: onset(points, (value) => value > 10 * before),
      evidence: [{ key, before, now }],
      cause: 'Updates are too large, and each makes the next one worse.',
      tries,
    };
  }
  const late = points.filter(({ step, value }, i) => {
    if (step <= points.at(-1)!.step - 30) return false;
    const past = points.slice(Math.max(0, i - 20), i).map((point) => point.value);
    return past.length >= 8 && value > 10 * median(past) && value > 5;
  });
  if (late.length < 3) return null;
  return {
    id: 'gradient',
    level: 'watch',
    title: `the gradient jumped ${late.length} times in the last 30 steps, to ${number(Math.max(...late.map(({ value }) => value)))}`,
    step: late[0]!.step,
    evidence: [{ key, before, now: late.at(-1)!.value }],
    cause: 'A few answers dominate the gradient, often a very unlikely answer with a large advantage.',
    tries,
  };
}

/** Tokens (answers for gspo) whose probability left the clip range. */
export function clipped({ config, of }: RunLog): Found | null {
  const key = 'clip_ratio/region_mean';
  const points = of(key);
  const now = recent(points);
  if (now === null || now <= CLIPPED_LIMIT) return null;
  const { ratio, policy } = LOSS_TYPES[config?.loss.type ?? 'grpo'];
  const what = ratio === 'answer' ? 'answers' : 'tokens';
  const effect =
    policy === 'weighted' ? 'keep their gradient, with a capped weight' : 'have no gradient from the reward';
  return {
    id: 'clipped',
    level: now > 0.3 ? 'problem' : 'watch',
    title: `${share(now)} of ${what} are clipped`,
    step: onset(points, (value) => value > CLIPPED_LIMIT),
    evidence: [{ key, before: null, now }],
    cause: `The model moves far within one step. Clipped ${what} ${effect}.`,
    tries: ['Lower the learning rate', 'Make fewer updates per step'],
  };
}

/** The model moves away from its start without gain. */
export function kl({ of }: RunLog): Found | null {
  const points = of('kl');
  const away = change(points);
  const half = of('reward').slice(-Math.max(10, Math.floor(points.length / 2)));
  const gain = change(half);
  const still = change(points.slice(-half.length));
  if (points.length < 20 || !away || !gain || !still) return null;
  const far = away.now > 0.1 && away.now > 2 * Math.max(away.before, 0) && away.z > 3 && still.z > 3;
  const solved = gain.now > 0.9;
  if (!far || solved || gain.by > 0.02 || gain.z > 2) return null;
  const falls = gain.by < -0.05 && gain.z < -3;
  const rose = (change(of('reward'))?.by ?? 0) > 0.02;
  return {
    id: 'kl',
    level: away.now > 2 || falls ? 'problem' : 'watch',
    title: `the model is ${number(away.now)} nats from its start, and reward ${falls ? 'falls' : rose ? 'has stopped rising' : 'has not risen'}`,
    step: climb(points)?.step ?? points[0]!.step,
    evidence: [
      { key: 'kl', before: away.before, now: away.now },
      { key: 'reward', before: gain.before, now: gain.now },
    ],
    cause: 'The weights change without gain: the rewards are noisy, or the learning rate is too high.',
    tries: ['Stop at an earlier checkpoint', 'Lower the learning rate', 'Raise the KL coefficient'],
  };
}
