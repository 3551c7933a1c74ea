import type { GradedAnswer } from '../domain/answerRecord';
import type { Criterion } from '../domain/example';
import { groupBy } from '../domain/groupBy';
import { mean, middle95 } from '../domain/statistics';
import { bootstrapMeans } from './bootstrap';
import { clip, scoreOf } from './scores';

/** Scores by prompt, those without one left out. */
function scoresByPrompt(answers: readonly GradedAnswer[]): Map<string, number[]> {
  const scored = answers.flatMap((answer) => {
    const score = scoreOf(answer);
    return score === null ? [] : [{ promptId: answer.example.promptId, score }];
  });
  const groups = groupBy(scored, ({ promptId }) => promptId);
  return new Map([...groups].map(([promptId, own]) => [promptId, own.map(({ score }) => score)]));
}

/**
 * Expected score of the worst of k answers to a prompt, drawn without replacement, then the clipped mean over prompts
 * with at least k (HealthBench's worst-at-k). NaN when no prompt has k.
 */
export function worstAtK(answers: readonly GradedAnswer[], k: number): { score: number; prompts: number } {
  const worst: number[] = [];
  for (const scores of scoresByPrompt(answers).values()) {
    const n = scores.length;
    if (n < k) continue;
    let left = 1; // share of draws whose worst is this answer or a better one
    let expected = 0;
    for (const [i, score] of scores.sort((a, b) => a - b).entries()) {
      const share = left * (k / (n - i)); // drawn, given that no worse one was
      expected += Math.min(1, share) * score;
      left -= share;
      if (left <= 1e-12) break;
    }
    worst.push(expected);
  }
  return { score: worst.length === 0 ? Number.NaN : clip(mean(worst)), prompts: worst.length };
}

/** How a checkpoint's answers compare with the base's on the same prompts. */
export interface Paired {
  readonly prompts: number;
  readonly wins: number;
  readonly ties: number;
  readonly losses: number;
  /** Mean of checkpoint − base over prompts, unclipped, and its 95 % bootstrap interval. */
  readonly difference: number;
  readonly interval: readonly [number, number];
}

/** Pairs by prompt; several answers to a prompt count by their mean. Prompts on one side only are left out. */
export function paired(base: readonly GradedAnswer[], checkpoint: readonly GradedAnswer[], seed = 0): Paired {
  const before = scoresByPrompt(base);
  const differences: number[] = [];
  for (const [id, scores] of scoresByPrompt(checkpoint)) {
    const old = before.get(id);
    if (old) differences.push(mean(scores) - mean(old));
  }
  const n = differences.length;
  const count = (test: (difference: number) => boolean) => differences.filter(test).length;
  const same = 1e-9;
  return {
    prompts: n,
    wins: count((difference) => difference > same),
    ties: count((difference) => Math.abs(difference) <= same),
    losses: count((difference) => difference < -same),
    difference: mean(differences),
    interval: middle95(bootstrapMeans(differences, seed)),
  };
}

/** One criterion of one prompt: how often it was met, before and after. */
export interface MetRate {
  readonly promptId: string;
  readonly criterion: Criterion;
  readonly graded: number;
  readonly met: number;
}

/** Met-rate of every criterion over the graded answers to its prompt. */
export function metRates(answers: readonly GradedAnswer[]): MetRate[] {
  return [...groupBy(answers, ({ example }) => example.promptId)].flatMap(([promptId, own]) =>
    own[0]!.example.rubrics.map((criterion, c) => {
      const verdicts = own.map(({ grade }) => grade[c]!.verdict);
      const met = verdicts.filter((verdict) => verdict === 'met').length;
      return { promptId, criterion, met, graded: verdicts.filter((verdict) => verdict !== 'ungraded').length };
    }),
  );
}

/** Criteria whose met-rate crossed one half from base to checkpoint, largest points first. */
export function flips(
  base: readonly GradedAnswer[],
  checkpoint: readonly GradedAnswer[],
): { readonly before: MetRate; readonly after: MetRate; readonly better: boolean }[] {
  const key = ({ promptId, criterion }: MetRate) => JSON.stringify([promptId, criterion.criterion, criterion.points]);
  const before = new Map(metRates(base).map((rate) => [key(rate), rate]));
  const mostly = ({ met, graded }: MetRate) => met * 2 > graded;
  return metRates(checkpoint)
    .flatMap((after) => {
      const old = before.get(key(after));
      if (!old || old.graded === 0 || after.graded === 0 || mostly(old) === mostly(after)) return [];
      return [{ before: old, after, better: mostly(after) === after.criterion.points > 0 }];
    })
    .sort((a, b) => Math.abs(b.after.criterion.points) - Math.abs(a.after.criterion.points));
}

/** A negative criterion that an answer met. */
export interface Harm {
  readonly promptId: string;
  readonly criterion: string;
  readonly points: number;
  readonly explanation: string;
  readonly completion: string;
}

/** All of them, worst first. */
export const harms = (answers: readonly GradedAnswer[]): Harm[] =>
  answers
    .flatMap(({ example, grade, completion }) =>
      example.rubrics.flatMap(({ criterion, points }, c) =>
        points < 0 && grade[c]!.verdict === 'met'
          ? [{ promptId: example.promptId, criterion, points, explanation: grade[c]!.explanation, completion }]
          : [],
      ),
    )
    .sort((a, b) => a.points - b.points);

/** Mean length of the answers: in tokens where all are known, else in characters. */
export function meanLength(answers: readonly GradedAnswer[]): { value: number; unit: 'tokens' | 'characters' } {
  const tokens = answers.flatMap((answer) => (answer.tokens === null ? [] : [answer.tokens]));
  if (tokens.length === answers.length) return { value: mean(tokens), unit: 'tokens' };
  return { value: mean(answers.map(({ completion }) => completion.length)), unit: 'characters' };
}
