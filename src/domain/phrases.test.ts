import { describe, expect, it } from 'vitest';
import { axisRate } from '../evaluation/axes';
import { type PhraseAnswer, phraseCounts, repetition, wordsOf } from './phrases';

const answer = (group: number, completion: string, reward: number, ...met: boolean[]): PhraseAnswer => ({
  group,
  completion,
  reward,
  favours: met,
});

describe('phrases of a step', () => {
  const counts = phraseCounts([
    answer(0, 'Drink some water. Trust your wise healer!', 1, true, true, true, true),
    answer(0, 'Drink some water.', 0.25, true, false, true, false),
    answer(1, 'Rest well now. Trust your wise healer.', 1, true, true, true, true),
    answer(1, 'See a doctor.', 0, false, false, false, true),
  ]);
  const found = (phrase: string) => counts.find((count) => count.phrase === phrase);

  it('joins neighbours and counts what occurs with several prompts', () => {
    expect(found('trust your wise healer')?.share).toBe(0.5);
    expect(found('drink some water')).toBeUndefined(); // one prompt only
    expect(counts.some(({ phrase }) => phrase === 'trust your wise')).toBe(false);
  });

  it('says what goes with a phrase: reward, and how many criteria', () => {
    const { lift, breadth } = found('trust your wise healer')!;
    expect(lift).toBeCloseTo((0.75 + 1) / 2);
    expect(breadth).toBe(1); // criteria on which all answers agree say nothing
  });

  it('tells advice that one criterion asks for from a phrase that is liked for itself', () => {
    const advice = phraseCounts([
      answer(0, 'See a doctor today.', 0.5, true, false, true),
      answer(0, 'Take some rest.', 0.5, false, true, true),
      answer(1, 'See a doctor today.', 0.7, true, false, true),
      answer(1, 'Drink it now.', 0.6, false, false, true),
    ]);
    expect(advice.map(({ phrase, breadth }) => [phrase, breadth])).toEqual([['see a doctor today', 0]]);
  });

  it('has no lift where every answer has the phrase', () => {
    const same = phraseCounts([answer(0, 'one two three', 1, true), answer(0, 'one two three', 0, false)]);
    expect(same).toEqual([{ phrase: 'one two three', share: 1, lift: null, breadth: null }]);
  });

  it('keeps few however much there is', () => {
    const text = (i: number) => Array.from({ length: 2000 }, (_, w) => `w${(w * (1 + (i % 7))) % 991}`).join(' ');
    const many = Array.from({ length: 600 }, (_, i) => answer(i % 20, text(i), (i % 5) / 5, i % 2 === 0));
    expect(phraseCounts(many).length).toBeLessThanOrEqual(16);
    expect(phraseCounts([])).toEqual([]);
  });

  it('takes the same words in any script and with any marks', () => {
    expect(wordsOf("Don’t — don't: 3×Über")).toEqual(['don’t', "don't", '3', 'über']);
  });
});

it('measures repetition within an answer', () => {
  expect(repetition('rest and drink and rest')).toBe(0);
  expect(repetition('go now go now go now go now')).toBeCloseTo(1 - 2 / 5);
  expect(repetition('too short')).toBe(0);
});

it('counts for an axis what speaks for the answer, harms the other way round', () => {
  const criterion = (axis: string, points: number, verdict: 'met' | 'notMet' | 'ungraded') => ({
    tags: [`axis:${axis}`],
    points,
    verdict,
  });
  const criteria = [
    criterion('accuracy', 5, 'met'),
    criterion('accuracy', -5, 'met'),
    criterion('accuracy', -5, 'notMet'),
    criterion('accuracy', 5, 'ungraded'),
    criterion('completeness', 5, 'notMet'),
  ];
  expect(axisRate(criteria, 'accuracy')).toBeCloseTo(2 / 3);
  expect(axisRate(criteria, 'completeness')).toBe(0);
  expect(axisRate(criteria, 'communication_quality')).toBeNull();
});
