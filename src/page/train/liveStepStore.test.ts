import { beforeEach, expect, it } from 'vitest';
import { beginLiveStep, changeLiveStep, forgetLiveStep, liveStepStore } from './liveStepStore';

const state = () => liveStepStore.getState();
const nothing = { runId: 'r', answers: [], reasons: [], grades: [] };

beforeEach(() => {
  const prompts = ['a', 'b'].map((promptId) => ({ promptId, prompt: `${promptId}?`, points: [5, -2] }));
  beginLiveStep({ runId: 'r', step: 4, groupSize: 2, prompts });
});

it('begins with empty answers, one for each place', () => {
  expect(state().answers).toHaveLength(4);
  expect(state().answers[3]).toEqual({ tokens: 0, text: '', verdicts: [null, null], reason: null });
});

it('fills in what comes, and leaves the other answers as they are', () => {
  const before = state().answers;
  changeLiveStep({ ...nothing, answers: [{ answer: 2, tokens: 5, text: 'Call' }] });
  changeLiveStep({ ...nothing, reasons: [{ answer: 2, criterion: 1, text: 'it does' }] });
  expect(state().answers[2]).toEqual({
    tokens: 5,
    text: 'Call',
    verdicts: [null, null],
    reason: { criterion: 1, text: 'it does' },
  });
  changeLiveStep({ ...nothing, grades: [{ answer: 2, criterion: 0, verdict: 'met', reason: '' }] });
  expect(state().answers[2]).toMatchObject({ verdicts: ['met', null], reason: { criterion: 1 } });
  for (const i of [0, 1, 3]) expect(state().answers[i]).toBe(before[i]);
});

it('hears nothing of other runs, nor of answers that it does not have, and forgets', () => {
  const before = state().answers;
  changeLiveStep({ ...nothing, runId: 'other', answers: [{ answer: 0, tokens: 1, text: 'x' }] });
  changeLiveStep({ ...nothing, answers: [{ answer: 9, tokens: 1, text: 'x' }] });
  expect(state().answers).toEqual(before);
  forgetLiveStep();
  expect(state().runId).toBeNull();
});
