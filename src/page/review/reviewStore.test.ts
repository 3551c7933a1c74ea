import { beforeEach, expect, it } from 'vitest';
import type { Opinion, ReviewItem } from '../../evaluation/review';
import type { AnyRequest } from '../../protocol/requests';
import { arrived, fakeConnection } from '../test/fakeConnection';
import { comment, giveOpinion, moveTo } from './reviewActions';
import { initialReview, receiveReview, reviewStore, selectCurrent } from './reviewStore';

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
let requests: readonly AnyRequest[] = [];
const saved = async () => {
  await arrived();
  return requests;
};

beforeEach(() => {
  reviewStore.setState(initialReview, true);
  ({ requests } = fakeConnection({ saveOpinion: () => {} }));
  receiveReview('run-a', { opinions: [said], items: [item('a'), item('b')] });
});

it('begins at the first verdict without an opinion', () => {
  expect(selectCurrent(state())?.id).toBe('a');
});

it('saves an opinion with its comment and goes on', async () => {
  comment(' not quite ');
  giveOpinion('disagree', new Date('2026-02-01T00:00:00Z'));
  const opinion = { item: item('a'), opinion: 'disagree', comment: 'not quite', at: '2026-02-01T00:00:00.000Z' };
  expect(await saved()).toEqual([{ type: 'saveOpinion', runId: 'run-a', opinion }]);
  expect([selectCurrent(state())?.id, state().comment]).toEqual(['b', '']);
  giveOpinion('skip');
  expect(selectCurrent(state())).toBeNull();
  giveOpinion('agree'); // nothing is shown, nothing is said
  expect(await saved()).toHaveLength(2);
});

it('lets one go back and change an opinion or a comment', async () => {
  moveTo(0);
  expect([selectCurrent(state())?.id, state().comment]).toEqual(['old', 'first']);
  comment('second');
  moveTo(1);
  expect(await saved()).toEqual([{ type: 'saveOpinion', runId: 'run-a', opinion: { ...said, comment: 'second' } }]);
  moveTo(0);
  giveOpinion('disagree');
  expect(state().opinions.get('old')).toMatchObject({ opinion: 'disagree', comment: 'second' });
  expect(await saved()).toHaveLength(2);
  moveTo(-5);
  expect(state().at).toBe(0);
});
