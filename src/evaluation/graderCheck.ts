import { groupBy } from '../domain/groupBy';
import { mean, meanOrNull, middle95 } from '../domain/statistics';
import type { CriterionGrade } from '../domain/verdict';
import { visibleAnswer } from '../domain/visibleAnswer';
import { type AnswerPair, wordOverlap } from './answerPairs';
import { resamples } from './bootstrap';

/** Share of pairs in which the answer that meets the criterion scores higher; equal scores count half. */
export interface PairAccuracy {
  readonly pairs: number;
  readonly accuracy: number;
  /** 95 %, by bootstrap over prompts. */
  readonly interval: readonly [low: number, high: number];
}

/** Whether a grader is good enough to train on. Plain data. */
export interface GraderCheck {
  readonly grader: string;
  /** By what the reward sees: the verdict, or its credit where the reward is soft. */
  readonly all: PairAccuracy;
  /** Null where there is no such pair. */
  readonly positive: PairAccuracy | null;
  readonly negative: PairAccuracy | null;
  /** By p(met), where the grader gives it. */
  readonly byProbability: PairAccuracy | null;
  /** What knows nothing of medicine, on the same pairs. */
  readonly baselines: readonly (PairAccuracy & { readonly name: string })[];
  /** Shares of all verdicts. */
  readonly yesRate: number | null;
  readonly ungraded: number;
  readonly recorded: number;
  /** `few`: too few pairs to tell. `chance`: not shown to be better than chance. `baseline`: better, but not than these. */
  readonly result: 'few' | 'chance' | 'baseline' | 'good';
}

/** Pairs from which on a check says anything. */
export const LEAST_PAIRS = 20;
/** Accuracy at which a grader is good, though easy pairs let word overlap do as well. */
const SURE = 0.9;

/** `grades`: of each pair, of the answer that meets the criterion and of the one that does not. */
export function graderCheck(
  grader: string,
  pairs: readonly AnswerPair[],
  grades: readonly (readonly [met: CriterionGrade, notMet: CriterionGrade])[],
  seed: number,
): GraderCheck {
  const wins = (score: (i: number, which: 0 | 1) => number | null) =>
    pairs.map((_, i): number => {
      const [met, notMet] = [score(i, 0), score(i, 1)];
      return met === null || notMet === null || met === notMet ? 0.5 : met > notMet ? 1 : 0;
    });
  const textOf = (i: number, which: 0 | 1) => visibleAnswer(which === 0 ? pairs[i]!.met : pairs[i]!.notMet);
  const own = wins((i, which) => seen(grades[i]![which]));
  const over = (values: readonly number[], keep: (pair: AnswerPair) => boolean = () => true) =>
    accuracyOf(
      pairs.flatMap((pair, i) => (keep(pair) ? [{ promptId: pair.example.promptId, win: values[i]! }] : [])),
      seed,
    );
  const all = over(own) ?? { pairs: 0, accuracy: Number.NaN, interval: [Number.NaN, Number.NaN] as const };
  const flat = grades.flat();
  const read = flat.filter(({ verdict }) => verdict !== 'ungraded');
  const baselines = [
    { name: 'length', values: wins((i, which) => textOf(i, which).length) },
    { name: 'word overlap', values: wins((i, which) => wordOverlap(pairs[i]!.criterion.criterion, textOf(i, which))) },
  ].flatMap(({ name, values }) => {
    const made = over(values);
    return made ? [{ name, ...made }] : [];
  });
  const strongest = Math.max(...baselines.map(({ accuracy }) => accuracy));
  return {
    grader,
    all,
    positive: over(own, ({ criterion }) => criterion.points > 0),
    negative: over(own, ({ criterion }) => criterion.points < 0),
    byProbability: read.some(({ confidence }) => confidence !== null)
      ? over(wins((i, which) => grades[i]![which].confidence))
      : null,
    baselines,
    yesRate: meanOrNull(read.map(({ verdict }) => (verdict === 'met' ? 1 : 0))),
    ungraded: flat.length === 0 ? 0 : 1 - read.length / flat.length,
    recorded: pairs.filter(({ from }) => from === 'recorded').length,
    result:
      all.pairs < LEAST_PAIRS
        ? 'few'
        : all.interval[0] <= 0.5
          ? 'chance'
          : all.accuracy <= strongest && all.accuracy < SURE
            ? 'baseline'
            : 'good',
  };
}

/** What a reward sees of a grade; null when it is ungraded. */
const seen = ({ verdict, credit = verdict === 'met' ? 1 : 0 }: CriterionGrade): number | null =>
  verdict === 'ungraded' ? null : credit;

function accuracyOf(wins: readonly { promptId: string; win: number }[], seed: number): PairAccuracy | null {
  if (wins.length === 0) return null;
  const clusters = [...groupBy(wins, ({ promptId }) => promptId).values()].map((own) => ({
    sum: own.reduce((total, { win }) => total + win, 0),
    count: own.length,
  }));
  const means: number[] = [];
  for (const drawn of resamples(clusters.length, seed)) {
    let [sum, count] = [0, 0];
    for (const c of drawn) {
      sum += clusters[c]!.sum;
      count += clusters[c]!.count;
    }
    means.push(sum / count);
  }
  return { pairs: wins.length, accuracy: mean(wins.map(({ win }) => win)), interval: middle95(means) };
}

const percent = (value: number): string => `${Math.round(100 * value)} %`;
export const accuracyText = ({ accuracy, interval, pairs }: PairAccuracy): string =>
  `${percent(accuracy)} [${Math.round(100 * interval[0])}, ${Math.round(100 * interval[1])}] of ${pairs} pairs`;

/** The sentence that a colleague would say first. */
export function conclusionOf({ result, all, baselines, byProbability }: GraderCheck): string {
  const best = [...baselines].sort((a, b) => b.accuracy - a.accuracy)[0];
  switch (result) {
    case 'few':
      return `Too few pairs to check the grader: ${all.pairs}. Add ideal answers or recorded verdicts to the data.`;
    case 'chance':
      return byProbability && byProbability.interval[0] > 0.5
        ? `No better than chance by its verdicts: right in ${accuracyText(all)}. Its probabilities are right in ${percent(byProbability.accuracy)}.`
        : `No better than chance: right in ${accuracyText(all)}. Don’t train on this grader.`;
    case 'baseline':
      return `Better than chance, right in ${accuracyText(all)}, but no better than ${best!.name} (${percent(best!.accuracy)}).`;
    case 'good':
      return `Good enough to train on: right in ${accuracyText(all)}; ${best!.name} alone reaches ${percent(best!.accuracy)}.`;
  }
}

/** What would work better here: only what the check itself has shown, or what does not depend on this grader. */
export function adviceOf({ result, byProbability, all }: GraderCheck): string[] {
  if (result === 'good' || result === 'few') return [];
  return [
    ...(byProbability && byProbability.interval[0] > 0.5 && byProbability.accuracy > all.accuracy
      ? ['Use a soft reward: set Verdict to Probability.']
      : []),
    'Use a teacher as the grader: another model or a service.',
    'Add checks by program to the rubrics.',
    'Use a larger model.',
  ];
}
