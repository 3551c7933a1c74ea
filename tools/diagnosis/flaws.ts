import type { FindingId } from '../../src/diagnosis/finding';
import type { StepMetrics } from '../../src/domain/metrics/metrics';
import { bandit, type Flaw } from './bandit';

const SINCE = 25;
const ramp = (step: number, by: number, over = 20) => by * Math.min(1, Math.max(0, step - SINCE) / over);
type Row = Record<string, number | null>;
const set = (row: Row, key: string, value: number) => {
  if (row[key] !== null && row[key] !== undefined) row[key] = value;
};

/** One way to fail for each finding, in simulation, beginning at step 25 where it begins at a step. */
export const FLAWS: Readonly<Record<FindingId, Flaw>> = {
  phrase: { liked: 1, speed: 2 },
  verdictCollapse: {
    yes: (step) => 0.08 + ramp(step, 0.92, 10),
    change: (row, step) => {
      // A criterion that is always met teaches nothing.
      if (step > SINCE + 12) Object.assign(row, { frac_reward_zero_std: 1, reward_std: 0 });
    },
  },
  nothingMet: {
    change: (row, step) => {
      if (step > SINCE) Object.assign(row, { 'grader/yes_rate': 0.01, frac_reward_zero_std: 0.9, reward_std: 0.01 });
    },
  },
  noGradient: { change: (row, step) => step > SINCE && set(row, 'grad_norm', 0) },
  leniency: {
    yes: (step) => 0.08 + ramp(step, 0.3, 30),
  },
  controls: {
    change: (row, step, noise) => {
      for (const key of ['empty', 'colon']) set(row, `probe/control_${key}`, 0.04 + ramp(step, 0.8) + 0.01 * noise());
    },
  },
  ideal: { change: (row, step) => set(row, 'probe/ideal', 0.9 - ramp(step, 0.5)) },
  unsteady: { change: (row, step, noise) => set(row, 'probe/repeat_agreement', 0.57 + 0.02 * noise() + 0 * step) },
  hacking: {
    change: (row, step) => {
      set(row, 'reward', row.reward! + ramp(step, 0.25));
      set(row, 'reward/true', row['reward/true']! - ramp(step, 0.5));
    },
  },
  axes: {
    change: (row, step) => {
      row['axis/completeness'] = Math.min(1, 0.5 + ramp(step, 0.35) + (row['axis/completeness'] ?? 0.5) / 10);
      row['axis/accuracy'] = 0.6 - ramp(step, 0.25) + (row['axis/accuracy'] ?? 0.5) / 10;
    },
  },
  ungraded: {
    change: (row, step, noise) => set(row, 'grader/ungraded', Math.max(0, 0.02 + ramp(step, 0.35) + 0.02 * noise())),
  },
  equalGroups: {
    change: (row, step) => {
      if (step > SINCE) Object.assign(row, { frac_reward_zero_std: step % 4 === 0 ? 0.75 : 1, reward_std: 0.01 });
    },
  },
  length: {
    change: (row, step, noise) => {
      const middle = row['completions/median_length']! + ramp(step, 60, 30) + noise();
      Object.assign(row, {
        'completions/median_length': Math.min(96, middle),
        'completions/p90_length': Math.min(96, middle + 15),
        'completions/clipped_ratio': Math.min(1, Math.max(0, (middle - 70) / 60)),
      });
    },
  },
  shortAnswers: {
    change: (row, step, noise) => {
      const middle = row['completions/median_length']! * (1 - ramp(step, 0.9)) + 1 + 0.3 * Math.abs(noise());
      Object.assign(row, { 'completions/median_length': middle, 'completions/p90_length': middle + 3 });
    },
  },
  cutOff: {
    speed: 0,
    change: (row, _, noise) => set(row, 'completions/clipped_ratio', Math.min(1, 0.6 + 0.05 * noise())),
  },
  repetition: {
    change: (row, step, noise) => set(row, 'completions/repetition', Math.max(0, ramp(step, 0.7) + 0.02 * noise())),
  },
  speaksToGrader: { change: (row, step) => set(row, 'completions/speaks_to_grader', ramp(step, 0.5)) },
  entropy: { change: (row, step) => set(row, 'entropy', row.entropy! * 0.97 ** Math.max(0, step - 10)) },
  alike: {
    speed: 0,
    change: (row, _, noise) => {
      set(row, 'entropy', 0.03 * Math.exp(0.3 * noise()));
      Object.assign(row, { frac_reward_zero_std: Math.abs(noise()) < 1 ? 0.75 : 1, reward_std: 0.01 });
    },
  },
  noise: { speed: 0, change: (row, step) => set(row, 'entropy', row.entropy! * (1 + ramp(step, 2))) },
  kl: {
    speed: 0,
    change: (row, step, noise) => set(row, 'kl', 0.01 + ramp(step, 0.9) + 0.01 * Math.abs(noise())),
  },
  logprobs: { change: (row, step) => set(row, 'sampling/sampling_logp_difference/mean', step > SINCE ? 4e-3 : 2e-6) },
  gradient: { change: (row, step) => set(row, 'grad_norm', row.grad_norm! * 1.25 ** Math.max(0, step - SINCE)) },
  clipped: {
    change: (row, step, noise) =>
      set(row, 'clip_ratio/region_mean', Math.max(0, 0.01 + ramp(step, 0.4) + 0.01 * noise())),
  },
};

const [SEED, STEPS] = [7, 60];

const made = new Map<string, StepMetrics[]>();

/** A simulated log of a failure, or of a run that learns. */
export function simulated(name: FindingId | 'clean'): StepMetrics[] {
  const log = made.get(name) ?? bandit(SEED, STEPS, name === 'clean' ? {} : FLAWS[name]);
  made.set(name, log);
  return log;
}
