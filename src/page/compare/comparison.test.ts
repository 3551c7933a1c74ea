import { beforeEach, expect, it, vi } from 'vitest';
import type { ComparisonRequest } from '../../domain/comparisonRequest';
import { recipeSchema } from '../../domain/recipe/recipe';
import type { RunSummary } from '../../domain/run';
import type { Command, Notice } from '../../protocol/protocol';
import { notices } from '../connection/notices';
import { evaluationStore, initialEvaluation } from '../evaluate/evaluationStore';
import { initialRun, runStore } from '../run/runStore';
import { newSides, phaseOf, sideScore, sidesShown, votesOn, withNotice } from './comparison';
import { answerSides, chosenSubject, nextExample, voteSides } from './comparisonActions';
import { changeSidesForm, comparisonStore, found, initialSides } from './comparisonStore';

const sent: Command[] = [];
vi.mock('../connection/send', () => ({ send: (command: Command) => sent.push(command) }));

const run: RunSummary = {
  runId: 'r',
  name: 'run-1',
  startedAt: '2026-01-01T00:00:00Z',
  status: 'finished',
  modelName: 'm',
  modelId: 'i',
  dataName: 'd',
  step: 4,
  steps: 4,
  lastReward: null,
  config: recipeSchema.parse({}),
  checkpoints: [2, 4].map((step) => ({ step, savedAt: '', bytes: 1, reward: null })),
};
const examples = ['a cough since Monday', 'a cough since Tuesday', 'a headache'].map((lastMessage, i) => ({
  promptId: `p${i}`,
  lastMessage,
  criteria: 2,
}));
const example = {
  promptId: 'p0',
  prompt: [{ role: 'user' as const, content: 'a cough' }],
  rubrics: [
    { criterion: 'good', points: 5, tags: [] },
    { criterion: 'bad', points: -5, tags: [] },
  ],
  exampleTags: [],
  idealCompletion: null,
};
const grade = (verdict: 'met' | 'notMet') => ({ verdict, explanation: '', confidence: null, failure: null });
const asked = () => comparisonStore.getState().asked!;
const id = () => asked().request.id;
const text = (side: 'base' | 'checkpoint', finish: 'stop' | null): Notice & { type: 'sidesText' } => ({
  type: 'sidesText',
  id: id(),
  side,
  text: side,
  tokens: 3,
  finish,
});
const finished = () => {
  for (const side of ['base', 'checkpoint'] as const) notices.sidesText(text(side, 'stop'));
};

beforeEach(() => {
  sent.length = 0;
  comparisonStore.setState({ ...initialSides, examples: { 'r/heldOut': examples } }, true);
  evaluationStore.setState(initialEvaluation, true);
  runStore.setState({ ...initialRun, runs: [run] }, true);
});

/** Asks with the sides as they are wanted. */
const ask = (first: 'base' | 'checkpoint') => answerSides(() => (first === 'base' ? 2 : 3));

it('asks the newest checkpoint about the first example that is listed, one question at a time', () => {
  expect(chosenSubject()).toBe('r/4');
  changeSidesForm({ find: 'COUGH tues' });
  ask('checkpoint');
  ask('checkpoint');
  expect(sent).toEqual([
    {
      type: 'answerSides',
      request: {
        id: id(),
        runId: 'r',
        step: 4,
        question: { kind: 'example', split: 'heldOut', promptId: 'p1' },
        grader: 'frozen',
        mode: 'verdict',
        maxNewTokens: 128,
        seed: 3,
        first: 'checkpoint',
      },
    },
  ]);
  expect(evaluationStore.getState().busy).toBe('sides');
  expect(sidesShown(asked())).toEqual(['checkpoint', 'base']);
});

it('asks nothing while a run lives, or without a question', () => {
  runStore.setState({ live: { name: 'paused', runId: 'r' } });
  ask('base');
  runStore.setState({ live: { name: 'idle' } });
  changeSidesForm({ source: 'own', text: '  ' });
  ask('base');
  changeSidesForm({ text: 'Why?', criteria: '99 Too many points' });
  ask('base');
  expect(sent).toEqual([]);
  changeSidesForm({ criteria: '5 Fine' });
  ask('base');
  expect(sent).toMatchObject([{ request: { question: { kind: 'own', criteria: [{ points: 5 }] } } }]);
});

it('goes from loading to done, has a score when every verdict is there, and ignores what is about an earlier question', () => {
  ask('base');
  expect(phaseOf(asked())).toBe('loading');
  notices.sidesAsked({ type: 'sidesAsked', id: id(), example, grader: 'g' });
  notices.sidesText(text('base', null));
  notices.sidesText({ ...text('checkpoint', 'stop'), id: 'earlier' });
  expect(asked().written.checkpoint).toBeNull();
  expect(phaseOf(asked())).toBe('answering');
  finished();
  expect(phaseOf(asked())).toBe('grading');
  const verdict = { type: 'sidesVerdict', id: id(), side: 'base' } as const;
  notices.sidesVerdict({ ...verdict, criterion: 0, grade: grade('met') });
  expect(sideScore(asked(), 'base')).toBeNull();
  notices.sidesVerdict({ ...verdict, criterion: 1, grade: grade('met') });
  expect(sideScore(asked(), 'base')).toBe(0);
  expect(sideScore(asked(), 'checkpoint')).toBeNull();
  notices.sidesEnded({ type: 'sidesEnded', id: id(), how: 'done' });
  expect(phaseOf(asked())).toBe('done');
  expect(evaluationStore.getState().busy).toBeNull();
  expect(withNotice(null, { type: 'sidesEnded', id: 'x', how: 'done' })).toBeNull();
});

it('counts a vote once, when both are written, for what stood on that side', () => {
  ask('checkpoint');
  voteSides('left');
  expect(comparisonStore.getState().votes).toEqual([]);
  finished();
  voteSides('left');
  voteSides('right');
  expect(comparisonStore.getState().votes).toEqual([{ subject: 'r/4', vote: 'checkpoint', blind: true }]);
  expect(asked().vote).toBe('checkpoint');
});

it('does not count a vote for which the names were in view once', () => {
  ask('base');
  finished();
  changeSidesForm({ blind: false });
  changeSidesForm({ blind: true });
  voteSides('left');
  expect(votesOn(comparisonStore.getState().votes, 'r/4')).toEqual({
    checkpoint: 0,
    base: 0,
    same: 0,
    open: 1,
    preferred: null,
  });
});

it('says what the votes are worth', () => {
  const cast = (vote: 'base' | 'checkpoint' | 'same', subject = 'r/4') => ({ subject, vote, blind: true });
  const votes = [
    ...Array.from({ length: 9 }, () => cast('checkpoint')),
    cast('base'),
    cast('same'),
    cast('base', 'r/2'),
  ];
  const tally = votesOn(votes, 'r/4');
  expect(tally).toMatchObject({ checkpoint: 9, base: 1, same: 1, open: 0 });
  expect(tally.preferred!.share).toBe(0.9);
  expect(tally.preferred!.interval[0]).toBeCloseTo(0.5958, 4);
});

it('goes on to the next example, and round to the first', () => {
  const chosen = () => {
    nextExample();
    return comparisonStore.getState().form.promptId;
  };
  expect([chosen(), chosen(), chosen()]).toEqual(['p1', 'p2', 'p0']);
  expect(found(examples, 'cough').listed).toHaveLength(2);
  expect(
    found(
      Array.from({ length: 60 }, () => examples[0]!),
      '',
    ).more,
  ).toBe(10);
});

it('is over when a failure comes before the worker could say so', () => {
  ask('base');
  const failure = { kind: 'badConfig', message: '', advice: '', details: '', runId: null } as const;
  notices.failed({ type: 'failed', failure });
  expect(phaseOf(asked())).toBe('failed');
  expect(phaseOf(newSides({} as ComparisonRequest, { blind: true }))).toBe('loading');
});
