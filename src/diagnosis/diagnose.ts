import type { StepMetrics } from '../domain/metrics/metrics';
import type { Recipe } from '../domain/recipe/recipe';
import { cutOff, length, repetition, shortAnswers, speaksToGrader } from './answers';
import type { Finding, FindingId, Found } from './finding';
import { controls, ideal, leniency, unsteady } from './grader';
import { axes, hacking, phrase } from './hacking';
import { clipped, gradient, kl, logprobs, noGradient } from './optimization';
import { inOne } from './pieces';
import { type RunLog, runLog } from './runLog';
import { alike, entropy, noise } from './variety';
import { equalGroups, nothingMet, ungraded, verdictCollapse } from './verdicts';

/** Root causes first: the engine, the updates, the grader, then the answers and the remaining signal. */
const CHECKS: readonly ((run: RunLog) => Found | null | Generator<undefined, Found | null>)[] = [
  logprobs,
  gradient,
  phrase,
  speaksToGrader,
  verdictCollapse,
  nothingMet,
  controls,
  leniency,
  ideal,
  unsteady,
  ungraded,
  hacking,
  axes,
  entropy,
  alike,
  noise,
  repetition,
  shortAnswers,
  length,
  cutOff,
  equalGroups,
  noGradient,
  clipped,
  kl,
];

/**
 * Causes and their consequences: where both are found, only the cause is a finding of its own. The first cause counts.
 * Free of cycles.
 */
const CAUSES: readonly (readonly [cause: FindingId, consequences: readonly FindingId[]])[] = [
  ['logprobs', ['clipped', 'kl', 'gradient']],
  ['gradient', ['entropy', 'repetition', 'clipped', 'kl', 'nothingMet']],
  ['phrase', ['hacking', 'verdictCollapse', 'leniency', 'controls', 'axes', 'equalGroups', 'entropy', 'kl']],
  [
    'verdictCollapse',
    ['equalGroups', 'leniency', 'controls', 'ideal', 'hacking', 'axes', 'kl', 'unsteady', 'noGradient'],
  ],
  ['entropy', ['nothingMet', 'equalGroups', 'kl', 'ideal']],
  ['repetition', ['nothingMet', 'ideal', 'length', 'cutOff']],
  ['nothingMet', ['equalGroups', 'ideal', 'hacking', 'axes', 'kl', 'unsteady', 'noGradient']],
  ['leniency', ['controls', 'hacking', 'axes', 'kl']],
  ['controls', ['hacking', 'shortAnswers', 'ideal']],

  ['ungraded', ['equalGroups', 'kl']],
  ['unsteady', ['kl', 'hacking']],
  ['hacking', ['axes']],
  ['alike', ['equalGroups']],
  ['noise', ['length', 'equalGroups']],
  ['kl', ['length']],
  ['length', ['cutOff']],
  ['cutOff', ['noGradient']],
  ['equalGroups', ['noGradient']],
];

/** Steps by which a consequence may seem to start before its cause, because onsets are uncertain. */
const DATE_ERROR = 5;
/** Measured by checks that may be far apart, so that their onset is late. */
const CHECKED: readonly FindingId[] = ['leniency', 'controls', 'unsteady'];

/** Steps after which every check has what it needs: the last ones compare quarters of a run, and that of KL takes 20. */
const TREND_STEPS = 16;
const KL_STEPS = 20;

/** Step at which a run without findings may be called sound; null when it can be told. */
export function tooEarlyUntil(metrics: readonly StepMetrics[]): number | null {
  const needed = metrics.some(({ kl: away }) => away !== null) ? KL_STEPS : TREND_STEPS;
  return metrics.length >= needed ? null : (metrics.at(-1)?.step ?? 0) + needed - metrics.length;
}

/**
 * Names the faults of a run from its logs, each with its onset, evidence, likely cause and what to try. Problems first,
 * then root causes; consequences by onset. A healthy run yields nothing.
 */
export function diagnose(metrics: readonly StepMetrics[], config: Recipe | null = null): Finding[] {
  return inOne(diagnosis(metrics, config));
}

/** The same in pieces, one or more for each check: together they take long on a run of many steps. */
export function* diagnosis(metrics: readonly StepMetrics[], config: Recipe | null): Generator<undefined, Finding[]> {
  const run = runLog(metrics, config);
  const found: Found[] = [];
  for (const check of CHECKS) {
    const result = check(run);
    const finding = result && 'next' in result ? yield* result : result;
    if (finding) found.push(finding);
    yield;
  }
  return sorted(found);
}

/** Findings with their consequences. */
function sorted(found: readonly Found[]): Finding[] {
  const stepOf = (id: FindingId) => found.find((finding) => finding.id === id)?.step;
  const follows = (id: FindingId, cause: FindingId) => {
    const [step, since] = [stepOf(id), stepOf(cause)];
    return step !== undefined && since !== undefined && (CHECKED.includes(cause) || step >= since - DATE_ERROR);
  };
  const causes = new Map<FindingId, FindingId>();
  for (const [cause, consequences] of CAUSES) {
    for (const id of consequences) if (follows(id, cause) && !causes.has(id)) causes.set(id, cause);
  }
  const rootOf = (id: FindingId): FindingId => (causes.has(id) ? rootOf(causes.get(id)!) : id);
  return found
    .filter(({ id }) => !causes.has(id))
    .map((finding): Finding => {
      const own = found.filter(({ id }) => id !== finding.id && rootOf(id) === finding.id).sort(byOnset);
      const level = own.some((other) => other.level === 'problem') ? 'problem' : finding.level;
      return { ...finding, level, consequences: own.map((other) => ({ ...other, consequences: [] })) };
    })
    .sort((a, b) => Number(b.level === 'problem') - Number(a.level === 'problem'));
}

const byOnset = (a: Found, b: Found): number => a.step - b.step;
