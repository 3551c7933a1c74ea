import { beforeEach, expect, it, vi } from 'vitest';
import type { Opinion, ReviewItem } from '../../evaluation/review';
import { send } from '../connection/send';
import { comment, judge, moveTo } from './reviewActions';
import { initialReview, receiveReview, reviewStore, selectCurrent } from './reviewStore';

vi.mock('../connection/send', () => ({ send: vi.fn() }));

const item = (id: string): ReviewItem => ({
  id,
  step: 1,
  promptId: 'p',
  prompt: [{ role: 'user', content: 'q' }],
  completion: 'a',
  criterion: id,
  points: 5,
  verdict: 'met',
  explanation: '',
  grader: 'self',
});
const said: Opinion = { item: item('old'), opinion: 'agree', comment: 'first', at: '2026-01-01T00:00:00Z' };
const state = () => reviewStore.getState();
const kept = () => vi.mocked(send).mock.calls.map(([command]) => command);

beforeEach(() => {
  reviewStore.setState(initialReview, true);
  vi.mocked(send).mockClear();
  receiveReview('run-a', [said], [item('a'), item('b')]);
});

it('begins at the first verdict without an opinion', () => {
  expect(selectCurrent(state())?.id).toBe('a');
});

it('keeps an opinion with its comment and goes on', () => {
  comment(' not quite ');
  judge('disagree', new Date('2026-02-01T00:00:00Z'));
  const opinion = { item: item('a'), opinion: 'disagree', comment: 'not quite', at: '2026-02-01T00:00:00.000Z' };
  expect(kept()).toEqual([{ type: 'keepOpinion', runId: 'run-a', opinion }]);
  expect([selectCurrent(state())?.id, state().comment]).toEqual(['b', '']);
  judge('skip');
  expect(selectCurrent(state())).toBeNull();
  judge('agree'); // nothing is shown, nothing is said
  expect(kept()).toHaveLength(2);
});

it('lets one go back and change an opinion or a comment', () => {
  moveTo(0);
  expect([selectCurrent(state())?.id, state().comment]).toEqual(['old', 'first']);
  comment('second');
  moveTo(1);
  expect(kept()).toEqual([{ type: 'keepOpinion', runId: 'run-a', opinion: { ...said, comment: 'second' } }]);
  moveTo(0);
  judge('disagree');
  expect(state().opinions.get('old')).toMatchObject({ opinion: 'disagree', comment: 'second' });
  expect(kept()).toHaveLength(2);
  moveTo(-5);
  expect(state().at).toBe(0);
});
