import type { MetricKey, StepMetrics } from '../config/metrics';
import { formatNumber, formatShare } from './format';
import { mean } from './series';

/** One thing that can go wrong, as it stands now. Icon and word say the level; colour only repeats it. */
export interface Sign {
  readonly id: string;
  readonly level: 'fine' | 'watch' | 'problem';
  readonly text: string;
  /** What it means and what to try. */
  readonly advice: string;
}

const RECENT = 3;

/** Reads the last few steps. Empty before the first step. Thresholds are those of the metrics' own help. */
export function healthSigns(metrics: readonly StepMetrics[]): Sign[] {
  const last = metrics.at(-1);
  if (!last) return [];
  const recent = metrics.slice(-RECENT);
  const now = (key: MetricKey): number | null => mean(recent.map((row) => row[key]));
  const signs: (Sign | null)[] = [
    logprobs(now('sampling/sampling_logp_difference/mean')),
    entropy(now('entropy'), metrics[0]?.entropy ?? null),
    equalGroups(now('frac_reward_zero_std'), now('grader/yes_rate')),
    ungraded(now('grader/ungraded')),
    cutOff(now('completions/clipped_ratio')),
    clipped(now('clip_ratio/region_mean')),
    reward(metrics),
  ];
  return signs.filter((sign) => sign !== null);
}

function logprobs(difference: number | null): Sign | null {
  if (difference === null) return null;
  const fine = difference <= 1e-4;
  return {
    id: 'logprobs',
    level: fine ? 'fine' : 'problem',
    text: fine ? `logprobs agree to ${formatNumber(difference)}` : `logprobs differ by ${formatNumber(difference)}`,
    advice:
      'Answering and learning compute the same probabilities with the same engine. More than 1e-4 apart is a fault of the engine: stop, and report it with the adapter’s name.',
  };
}

function entropy(now: number | null, start: number | null): Sign | null {
  if (now === null) return null;
  const low = now < 0.01 || (start !== null && now < 0.1 * start);
  return {
    id: 'entropy',
    level: low ? 'problem' : start !== null && now < 0.3 * start ? 'watch' : 'fine',
    text: low ? `variety is nearly gone (entropy ${formatNumber(now)})` : `entropy ${formatNumber(now)}`,
    advice:
      'Entropy is the variety left in the answers. When it is gone, all answers are alike and nothing more is learnt: lower the learning rate, or raise the temperature or the high clip.',
  };
}

/** A grader that says yes to everything gives every answer the same reward: that is the cause, equal groups the consequence. */
function equalGroups(share: number | null, yes: number | null): Sign | null {
  if (share === null) return null;
  const oneSided = yes !== null && (yes > 0.95 || yes < 0.05);
  if (oneSided && share > 0.5) {
    return {
      id: 'equal',
      level: 'problem',
      text: `the grader says ${yes > 0.5 ? 'yes' : 'no'} to nearly everything (${formatShare(yes)} yes)`,
      advice:
        'Every answer then gets the same reward and nothing is learnt. Try the frozen grader, or let it write its reason before the verdict.',
    };
  }
  return {
    id: 'equal',
    level: share > 0.8 ? 'problem' : share > 0.3 ? 'watch' : 'fine',
    text: `${formatShare(share)} of groups had equal rewards`,
    advice:
      'A group whose answers all got the same reward teaches nothing. Below 80 % is healthy. More answers per prompt, or a higher temperature, makes groups differ.',
  };
}

function ungraded(share: number | null): Sign | null {
  if (share === null) return null;
  return {
    id: 'ungraded',
    level: share > 0.2 ? 'problem' : share > 0.05 ? 'watch' : 'fine',
    text: `ungraded ${formatShare(share)}`,
    advice:
      'Grades that could not be read count neither for nor against. Many of them make the reward noisy: choose “Reason, then verdict” or “Verdict only”.',
  };
}

function cutOff(share: number | null): Sign | null {
  if (share === null) return null;
  return {
    id: 'cutOff',
    level: share > 0.8 ? 'problem' : share > 0.3 ? 'watch' : 'fine',
    text: `cut off ${formatShare(share)}`,
    advice: 'Answers that reached the length limit never got to finish. Above 30 %: raise the answer length.',
  };
}

function clipped(share: number | null): Sign | null {
  if (share === null || share < 0.1) return null;
  return {
    id: 'clipped',
    level: share > 0.3 ? 'problem' : 'watch',
    text: `${formatShare(share)} of tokens clipped`,
    advice: 'The model moves far in one step. Lower the learning rate, or make fewer updates per step.',
  };
}

/** Reward by its own grader rising while the true reward falls: the grader is being gamed. */
function reward(metrics: readonly StepMetrics[]): Sign | null {
  if (metrics.length < 20) return null;
  const [before, after] = [metrics.slice(0, 10), metrics.slice(-10)];
  const change = (key: 'reward' | 'reward/true'): number | null => {
    const [a, b] = [mean(before.map((row) => row[key])), mean(after.map((row) => row[key]))];
    return a === null || b === null ? null : b - a;
  };
  const [graded, actual] = [change('reward'), change('reward/true')];
  if (graded === null || actual === null || graded < 0.05 || actual > -0.02) return null;
  return {
    id: 'gamed',
    level: 'problem',
    text: 'graded reward rises while true reward falls',
    advice:
      'The model is learning to please its grader rather than to answer well. Read the newest answers, and try the frozen grader.',
  };
}
