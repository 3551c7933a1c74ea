import { describe, expect, it } from 'vitest';
import { checkSchema } from '../domain/check';
import type { Example } from '../domain/example';
import type { CriterionGrade } from '../domain/verdict';
import { uniform } from '../random';
import { answerPairs, wordOverlap } from './answerPairs';
import { adviceOf, conclusionOf, graderCheck } from './graderCheck';

const topics = Array.from({ length: 30 }, (_, i) => `topic${i}`);
const examples: Example[] = topics.map((topic, i) => ({
  promptId: topic,
  prompt: [{ role: 'user', content: topic }],
  rubrics: [
    { criterion: `Speaks of ${topic}`, points: 5, tags: [] },
    { criterion: `Explains ${topic}`, points: 3, tags: [] },
    { criterion: `Denies ${topic}`, points: -4, tags: [] },
    { criterion: 'Is short', points: 2, tags: [], check: checkSchema.parse({ kind: 'words', most: 9 }) },
  ],
  exampleTags: [],
  idealCompletion: `All about the matter ${'word '.repeat(i % 7)}`,
}));
const pairs = answerPairs(examples, [], { pairs: 48, seed: 1, checks: 'program' });
const verdict = (met: boolean, confidence: number | null = null): CriterionGrade => ({
  verdict: met ? 'met' : 'notMet',
  explanation: '',
  confidence,
  failure: null,
});
const checked = (grade: (pair: number, met: boolean) => CriterionGrade) =>
  graderCheck(
    'g',
    pairs,
    pairs.map((_, i) => [grade(i, true), grade(i, false)] as const),
    1,
  );

describe('pairs of answers', () => {
  it('are ideal answers beside that of another prompt, near in length, on positive judged criteria', () => {
    expect(pairs).toHaveLength(48);
    for (const { criterion, met, notMet, example } of pairs) {
      expect(criterion.points).toBeGreaterThan(0);
      expect(criterion.check).toBeUndefined();
      expect(met).toBe(example.idealCompletion);
      expect(Math.abs(met.length - notMet.length)).toBeLessThanOrEqual(5);
    }
    expect(new Set(pairs.map(({ example }) => example.promptId)).size).toBeGreaterThan(20);
  });

  it('are recorded ones first, of either sign', () => {
    const answer = (completion: string, verdicts: boolean[]) => ({
      example: examples[3]!,
      completion,
      grade: verdicts.map((met) => verdict(met)),
      tokens: null,
      finish: null,
      grader: null,
    });
    const recorded = [answer('a', [true, true, false, true]), answer('b', [false, true, true, true])];
    const own = answerPairs(examples, recorded, { pairs: 48, seed: 1, checks: 'program' });
    const found = own.slice(0, 2).map(({ criterion, met, notMet, from }) => [criterion.criterion, met, notMet, from]);
    expect(found.sort()).toEqual([
      ['Denies topic3', 'b', 'a', 'recorded'],
      ['Speaks of topic3', 'a', 'b', 'recorded'],
    ]);
    expect(own[2]!.from).toBe('mismatched');
  });
});

describe('the check', () => {
  it('finds a grader that says yes to all at chance, with an interval of no width', () => {
    const check = checked(() => verdict(true));
    expect(check).toMatchObject({ result: 'chance', yesRate: 1, all: { accuracy: 0.5, interval: [0.5, 0.5] } });
    expect(conclusionOf(check)).toContain('No better than chance');
    expect(adviceOf(check).join()).not.toContain('soft reward');
  });

  it('finds the probabilities of such a grader good, and says so', () => {
    const check = checked((_, met) => verdict(true, met ? 0.9 : 0.6));
    expect(check).toMatchObject({ result: 'chance', byProbability: { accuracy: 1 } });
    expect(adviceOf(check)[0]).toContain('soft reward');
    expect(checked((_, met) => ({ ...verdict(true, 0.9), credit: met ? 0.9 : 0.6 })).all.accuracy).toBe(1);
  });

  it('finds a coin at chance and a right grader good', () => {
    expect(checked((i, met) => verdict(uniform(7, 2 * i + Number(met)) < 0.5)).result).toBe('chance');
    const right = checked((_, met) => verdict(met));
    expect(right).toMatchObject({ result: 'good', all: { accuracy: 1 }, yesRate: 0.5 });
    expect(conclusionOf(right)).toContain('Good enough');
  });

  it('asks more than word overlap of a grader', () => {
    const overlapping = pairs.map((pair) => ({ ...pair, met: pair.criterion.criterion }));
    const grades = overlapping.map((_, i) => [verdict(true), verdict(i % 3 === 0)] as const);
    const check = graderCheck('g', overlapping, grades, 1);
    expect(check).toMatchObject({ result: 'baseline' });
    expect(conclusionOf(check)).toContain('no better than word overlap');
  });

  it('does not mind a better overlap from 90 % on', () => {
    const overlapping = pairs.slice(0, 40).map((pair) => ({ ...pair, met: pair.criterion.criterion }));
    const of = (wrong: number) =>
      graderCheck(
        'g',
        overlapping,
        overlapping.map((_, i) => [verdict(i >= wrong), verdict(i < wrong)] as const),
        1,
      ).result;
    expect([of(4), of(5)]).toEqual(['good', 'baseline']);
  });

  it('says nothing from 19 pairs, and something from 20', () => {
    const of = (n: number) =>
      graderCheck(
        'g',
        pairs.slice(0, n),
        pairs.slice(0, n).map(() => [verdict(true), verdict(false)] as const),
        1,
      );
    expect([of(0), of(19), of(20)].map(({ result }) => result)).toEqual(['few', 'few', 'good']);
  });

  it('counts ungraded answers as no difference', () => {
    const none: CriterionGrade = { ...verdict(false), verdict: 'ungraded', failure: 'why' };
    expect(checked((_, met) => (met ? none : verdict(false)))).toMatchObject({ ungraded: 0.5, all: { accuracy: 0.5 } });
  });
});

it('measures the words of a criterion that an answer has', () => {
  expect(wordOverlap('Says to rest', 'Rest, she says')).toBeCloseTo(2 / 3);
  expect(wordOverlap('', 'x')).toBe(0);
});
