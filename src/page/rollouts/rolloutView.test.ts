import { expect, it } from 'vitest';
import type { RolloutRecord } from '../../domain/rolloutRecord';
import { fakeRollouts } from '../test/fakeRun';
import { bestMedianWorst, criterionState, excerpt, filterGroups, groupAnswers } from './rolloutView';

const record = (change: Partial<RolloutRecord>): RolloutRecord => ({ ...fakeRollouts(1, 1, 1)[0]!, ...change });
const criterion = (worth: number, verdict: 'met' | 'notMet' | 'ungraded') => ({
  criterion: 'c',
  points: worth,
  tags: [],
  verdict,
  explanation: '',
  confidence: null,
  failure: null,
});

it('groups by prompt, best answer first, unrewarded last', () => {
  const groups = groupAnswers([
    record({ group: 1, index: 0, reward: 0.2 }),
    record({ group: 0, index: 0, reward: null }),
    record({ group: 0, index: 1, reward: -0.5 }),
    record({ group: 0, index: 2, reward: 0.9 }),
  ]);
  expect(groups.map(({ group }) => group)).toEqual([0, 1]);
  expect(groups[0]!.answers.map(({ index }) => index)).toEqual([2, 1, 0]);
});

it('tells a harm from good news', () => {
  expect(criterionState(criterion(-3, 'met'))).toBe('harm');
  expect(criterionState(criterion(-3, 'notMet'))).toBe('avoided');
  expect(criterionState(criterion(-3, 'ungraded'))).toBe('ungraded');
  expect(criterionState(criterion(3, 'notMet'))).toBe('notMet');
});

it('filters answers and leaves out empty groups', () => {
  const groups = groupAnswers([
    record({ group: 0, index: 0, completion: 'Call a Doctor', finish: 'length', criteria: [criterion(-1, 'met')] }),
    record({ group: 1, index: 0, completion: 'rest', finish: 'stop', criteria: [criterion(1, 'ungraded')] }),
  ]);
  const found = (filter: Parameters<typeof filterGroups>[1], text = '') =>
    filterGroups(groups, filter, text).map(({ group }) => group);
  expect(found('all')).toEqual([0, 1]);
  expect(found('harm')).toEqual([0]);
  expect(found('ungraded')).toEqual([1]);
  expect(found('cutOff')).toEqual([0]);
  expect(found('all', 'call a doctor')).toEqual([0]);
  expect(found('harm', 'rest')).toEqual([]);
});

it('shows best, median and worst of the rewarded answers', () => {
  const places = bestMedianWorst([0.1, 0.9, null, 0.5].map((reward, index) => record({ reward, index })));
  expect(places.map(({ place, answer }) => [place, answer.reward])).toEqual([
    ['Best', 0.9],
    ['Median', 0.5],
    ['Worst', 0.1],
  ]);
  expect(bestMedianWorst([record({ reward: null })])).toEqual([]);
});

it('says that an empty answer is empty', () => {
  expect(excerpt('  \n')).toBe('(an empty answer)');
  expect(excerpt('**Call** now')).toBe('Call now');
});
