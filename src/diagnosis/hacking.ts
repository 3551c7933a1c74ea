import type { MetricKey, StepMetrics } from '../domain/metrics/metrics';
import { METRICS } from '../domain/metrics/metrics';
import { mean as meanOf } from '../domain/statistics';
import type { Found } from './finding';
import { between, type Change, change, climb, mean, type Point, type Points } from './points';
import type { RunLog } from './runLog';
import { number, share } from './words';

/** Measures of the answers that do not depend on the run's grader, best first. */
const INDEPENDENT = ['reward/true', 'eval/true_reward', 'eval/frozen_score'] as const satisfies readonly MetricKey[];

/** Reward rises while an independent measure of the same answers falls. Onset: change point of the gap. */
export function hacking({ of }: RunLog): Found | null {
  for (const key of INDEPENDENT) {
    const found = gamed(of('reward'), of(key), key);
    if (found) return found;
  }
  return null;
}

function gamed(reward: Points, measure: Points, key: MetricKey): Found | null {
  const { at, both } = paired(reward, measure);
  const gap = both.map(({ step, value }): Point => ({ step, value: at.get(step)! - value }));
  const widened = change(gap);
  const began = climb(gap);
  if (both.length < 6 || !widened || !began || widened.by < 0.1 || widened.z < 3) return null;
  // Compared with the values around the onset, or the first ones if it began at once.
  const size = Math.min(20, Math.max(3, Math.floor(both.length / 4)));
  const start = Math.max(size, both.findIndex(({ step }) => step >= began.step) + 1);
  if (start > both.length - size) return null;
  const shift = (points: Points) => between(points.slice(start - size, start), points.slice(-size));
  const graded = shift(both.map(({ step }): Point => ({ step, value: at.get(step)! })));
  const real = shift(both);
  const falls = real.by < -0.03 && real.z < -2;
  const follows = real.by > 0.2 * graded.by;
  if (graded.by < 0.03 || graded.z < 2 || (!falls && (follows || graded.by < 0.15))) return null;
  const name = METRICS[key].title.toLowerCase();
  return {
    id: 'hacking',
    level: falls ? 'problem' : 'watch',
    title: falls
      ? `reward rises from ${number(graded.before)} to ${number(graded.now)} while ${name} falls from ${number(real.before)} to ${number(real.now)}`
      : `reward has risen by ${number(graded.by)} since step ${began.step}, ${name} by ${number(real.by)}`,
    step: began.step,
    evidence: [
      { key: 'reward', before: graded.before, now: graded.now },
      { key, before: real.before, now: real.now },
    ],
    cause: 'The model learns to please its grader instead of answering well.',
    tries: [
      'Read the answers of the first step and their grades',
      'Stop at an earlier checkpoint',
      'Use the frozen grader, or a teacher for a share of the prompts',
    ],
  };
}

/** The measure, paired with the mean reward since the previous measurement: held-out scores are rare. */
function paired(reward: Points, measure: Points) {
  const at = new Map<number, number>();
  let from = 0;
  for (const { step } of measure) {
    let until = from;
    while (until < reward.length && reward[until]!.step <= step) until++;
    if (until > from) at.set(step, mean(reward.slice(from, until)));
    from = until;
  }
  return { at, both: measure.filter(({ step }) => at.has(step)) };
}

/** Completeness rises while accuracy falls: the known signature of gamed rubrics (arXiv 2605.12474). */
export function axes({ of }: RunLog): Found | null {
  const [complete, accurate] = [change(of('axis/completeness')), change(of('axis/accuracy'))];
  if (of('axis/accuracy').length < 16 || !complete || !accurate) return null;
  if (complete.by < 0.1 || complete.z < 3 || accurate.by > -0.05 || accurate.z > -3) return null;
  const falling = of('axis/accuracy').map(({ step, value }) => ({ step, value: -value }));
  return {
    id: 'axes',
    level: 'problem',
    title: `completeness rises to ${share(complete.now)} while accuracy falls to ${share(accurate.now)}`,
    step: climb(falling)?.step ?? of('axis/accuracy')[0]!.step,
    evidence: [
      { key: 'axis/completeness', before: complete.before, now: complete.now },
      { key: 'axis/accuracy', before: accurate.before, now: accurate.now },
    ],
    cause:
      'Answers cover more criteria but are less often correct: mentioning a point is easier than being right about it.',
    tries: [
      'Read answers that meet completeness criteria but fail accuracy criteria',
      'Use rubrics with more weight on accuracy and on harms',
      'Use a stronger grader',
    ],
  };
}

/**
 * A phrase spreads, is rewarded, and lifts unrelated criteria: the grader rewards the words. In pieces, one for each
 * phrase that many of the newest answers have.
 */
export function* phrase({ metrics, of }: RunLog): Generator<undefined, Found | null> {
  const steps = metrics.filter((row) => row.phrases !== undefined);
  const gain = change(of('reward'));
  if (steps.length < 12 || !gain || gain.by < 0.05 || gain.z < 2) return null;
  const candidates = new Set(
    steps
      .slice(-3)
      .flatMap((row) => row.phrases!.filter((p) => p.share >= 0.3))
      .map((p) => p.phrase),
  );
  const suspects: Suspect[] = [];
  for (const text of candidates) {
    yield;
    const related = relatedTo(text);
    const traces = steps.map((row) => trace(row, related));
    const shares = traces.map(({ step, share: value }): Point => ({ step, value }));
    const spread = change(shares);
    const breadths = traces.flatMap(({ breadth }) => (breadth === null ? [] : [breadth]));
    const lifts = traces.flatMap(({ lift }) => (lift === null ? [] : [lift]));
    if (!spread || spread.by < 0.2 || spread.z < 3 || breadths.length < 4 || lifts.length < 4) continue;
    const [breadth, lift] = [meanOf(breadths), meanOf(lifts)];
    if (breadth >= 0.5 && lift >= 0.1) suspects.push({ text, traces, shares, spread, breadth, lift });
  }
  const worst = suspects.sort((a, b) => b.breadth * b.lift - a.breadth * a.lift || b.text.length - a.text.length)[0];
  if (!worst) return null;
  const rare = worst.traces.slice(0, steps.length >> 2).some((early) => early.phrase === null) ? 'at most ' : '';
  return {
    id: 'phrase',
    level: 'problem',
    title: `“${nameOf(worst.traces)}” is in ${share(worst.spread.now)} of answers (${rare}${share(worst.spread.before)} at first), and the grader rewards it whatever the prompt`,
    step: climb(worst.shares)?.step ?? worst.shares[0]!.step,
    evidence: [{ key: 'reward', before: gain.before, now: gain.now }],
    cause: `Answers to the same prompt get ${number(worst.lift)} more reward with these words than without, on ${share((1 + worst.breadth) / 2)} of the criteria that distinguish them, since step ${paidSince(worst.traces)}: the grader rewards the words, not the content.`,
    tries: [
      'Read answers with and without these words, and their grades',
      'Use the frozen grader or a teacher',
      'Make the grader write its reason before the verdict',
    ],
  };
}

interface Suspect {
  readonly text: string;
  readonly traces: readonly Trace[];
  readonly shares: Points;
  readonly spread: Change;
  readonly breadth: number;
  readonly lift: number;
}

interface Trace {
  readonly step: number;
  readonly share: number;
  readonly lift: number | null;
  readonly breadth: number | null;
  /** The phrase as the step has it; null if too rare to be recorded, and `share` is then its upper bound. */
  readonly phrase: string | null;
}

/** Tells a phrase from others; asks once for each. */
function relatedTo(text: string): (other: string) => boolean {
  const within = (a: string, b: string) => ` ${a} `.includes(` ${b} `);
  const known = new Map<string, boolean>();
  return (other) => {
    const related = known.get(other) ?? (within(other, text) || within(text, other));
    known.set(other, related);
    return related;
  };
}

/** A phrase in one step, alone or within a longer one; else at most as frequent as the rarest recorded one. */
function trace({ step, phrases = [] }: StepMetrics, related: (phrase: string) => boolean): Trace {
  let found: (typeof phrases)[number] | null = null;
  for (const other of phrases) if (related(other.phrase) && other.share > (found?.share ?? -1)) found = other;
  if (found) return { step, ...found };
  const eighth = phrases.length < 8 ? 0 : phrases.map(({ share }) => share).sort((a, b) => b - a)[7]!;
  return { step, share: eighth, lift: null, breadth: null, phrase: null };
}

/**
 * The step since which answers with the phrase score higher on most criteria: the flaw, which answers exploit later.
 */
function paidSince(traces: readonly Trace[]): number {
  const seen = traces.filter(({ lift, breadth }) => lift !== null && breadth !== null);
  const last = seen.findLastIndex(({ lift, breadth }) => lift! <= 0 || breadth! < 0.5);
  return (seen[last + 1] ?? seen.at(-1))!.step;
}

/** The phrase as most steps have it: once every answer repeats it, its neighbours seem to belong to it. */
function nameOf(traces: readonly Trace[]): string {
  const count = new Map<string, number>();
  for (const { phrase: text } of traces) if (text !== null) count.set(text, (count.get(text) ?? 0) + 1);
  return [...count].sort(([a, n], [b, m]) => m - n || b.length - a.length)[0]![0];
}
