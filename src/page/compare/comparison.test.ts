import { beforeEach, expect, it } from 'vitest';
import type { ComparisonRequest } from '../../domain/comparisonRequest';
import { recipeSchema } from '../../domain/recipe/recipe';
import type { RunSummary } from '../../domain/run';
import type { ComparisonEvent, Progress } from '../../protocol/requests';
import type { CallContext } from '../../protocol/server';
import { RunLocked } from '../../storage/storageError';
import { callStore } from '../connection/calls';
import { failureStore } from '../connection/failureStore';
import { evaluationStore, initialEvaluation, selectBusy } from '../evaluate/evaluationStore';
import { initialRun, runStore } from '../run/runStore';
import { arrived, fakeConnection } from '../test/fakeConnection';
import { newComparison, phaseOf, sideOrder, sideScore, votesOn } from './comparison';
import { castVote, chosenSubject, compare, listExamples, nextExample, stopComparison } from './comparisonActions';
import { changeComparisonForm, comparisonStore, found, initialComparison } from './comparisonStore';

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
const comparison = () => comparisonStore.getState().comparison!;
const busy = () => selectBusy(callStore.getState());
const text = (side: 'base' | 'checkpoint', finish: 'stop' | null): ComparisonEvent => ({
  type: 'text',
  side,
  text: side,
  tokens: 3,
  finish,
});

/** What the worker does with each `compare`, by hand. */
interface Worked extends CallContext<Progress<'compare'>> {
  readonly end: () => void;
  readonly fail: (error: Error) => void;
}
const worked: Worked[] = [];
let connection: ReturnType<typeof fakeConnection>;
const sent = async () => {
  await arrived();
  return connection.requests;
};
/** Reports something of the comparison that was comparison for last. */
const report = async (...events: ComparisonEvent[]) => {
  await arrived();
  for (const event of events) worked.at(-1)!.progress(event);
  await arrived();
};
const finished = () => report(text('base', 'stop'), text('checkpoint', 'stop'));

beforeEach(() => {
  worked.length = 0;
  connection = fakeConnection({
    compare: (_, context) =>
      new Promise((resolve, reject) => {
        context.signal.addEventListener('abort', () => reject(context.signal.reason));
        worked.push({ ...context, end: resolve, fail: reject });
      }),
    listExamples: () => examples,
  });
  comparisonStore.setState({ ...initialComparison, examples: { 'r/heldOut': examples } }, true);
  evaluationStore.setState(initialEvaluation, true);
  runStore.setState({ ...initialRun, runs: [run] }, true);
  failureStore.setState({ failures: [] });
});

/** Asks with the sides as they are wanted. */
const ask = (first: 'base' | 'checkpoint') => compare(() => (first === 'base' ? 2 : 3));

it('asks the newest checkpoint about the first example that is listed, one prompt at a time', async () => {
  expect(chosenSubject()).toBe('r/4');
  changeComparisonForm({ find: 'COUGH tues' });
  ask('checkpoint');
  expect(busy()).toBe('compare');
  ask('checkpoint');
  expect(await sent()).toEqual([
    {
      type: 'compare',
      request: {
        runId: 'r',
        step: 4,
        prompt: { kind: 'example', split: 'heldOut', promptId: 'p1' },
        grader: 'frozen',
        mode: 'verdict',
        maxNewTokens: initialEvaluation.form.maxNewTokens,
        seed: 3,
        first: 'checkpoint',
      },
    },
  ]);
  expect(sideOrder(comparison())).toEqual(['checkpoint', 'base']);
});

it('asks nothing while a run lives, or without a prompt', async () => {
  runStore.setState({ live: { name: 'paused', runId: 'r' } });
  ask('base');
  runStore.setState({ live: { name: 'idle' } });
  changeComparisonForm({ source: 'own', text: '  ' });
  ask('base');
  changeComparisonForm({ text: 'Why?', criteria: '99 Too many points' });
  ask('base');
  expect(await sent()).toEqual([]);
  changeComparisonForm({ criteria: '5 Fine' });
  ask('base');
  expect(await sent()).toMatchObject([{ request: { prompt: { kind: 'own', criteria: [{ points: 5 }] } } }]);
});

it('lists the examples of a run once', async () => {
  comparisonStore.setState({ examples: {} });
  listExamples();
  await arrived();
  listExamples();
  expect(await sent()).toEqual([{ type: 'listExamples', runId: 'r', split: 'heldOut' }]);
  expect(comparisonStore.getState().examples['r/heldOut']).toEqual(examples);
});

it('goes from loading to done, and has a score when every verdict is there', async () => {
  ask('base');
  expect(phaseOf(comparison())).toBe('loading');
  await report({ type: 'prompt', example, grader: 'g' }, text('base', null));
  expect(phaseOf(comparison())).toBe('answering');
  await finished();
  expect(phaseOf(comparison())).toBe('grading');
  const verdict = { type: 'verdict', side: 'base' } as const;
  await report({ ...verdict, criterion: 0, grade: grade('met') });
  expect(sideScore(comparison(), 'base')).toBeNull();
  await report({ ...verdict, criterion: 1, grade: grade('met') });
  expect(sideScore(comparison(), 'base')).toBe(0);
  expect(sideScore(comparison(), 'checkpoint')).toBeNull();
  worked[0]!.end();
  await arrived();
  expect(phaseOf(comparison())).toBe('done');
  expect(busy()).toBeNull();
});

it('hears nothing of an earlier prompt once another has taken its place', async () => {
  ask('base');
  await arrived();
  const another = newComparison(comparison().request, { blind: true });
  comparisonStore.setState({ comparison: another });
  await report(text('checkpoint', 'stop'));
  worked[0]!.end();
  await arrived();
  expect(comparison()).toEqual(another);
});

it('is stopped by cancelling its call, which is no failure', async () => {
  ask('base');
  await report(text('base', null));
  stopComparison();
  expect(busy()).toBe('compare'); // until the worker has let go of it
  await arrived();
  expect(phaseOf(comparison())).toBe('stopped');
  expect(busy()).toBeNull();
  expect(failureStore.getState().failures).toEqual([]);
});

it('fails with its own call only', async () => {
  ask('base');
  await arrived();
  const failure = { kind: 'runLocked', message: 'x', advice: '', details: '', runId: 'other' } as const;
  connection.notify({ type: 'failed', failure });
  await arrived();
  expect([phaseOf(comparison()), busy()]).toEqual(['loading', 'compare']);
  worked[0]!.fail(new RunLocked('r'));
  await arrived();
  expect([phaseOf(comparison()), busy()]).toEqual(['failed', null]);
  expect(failureStore.getState().failures).toHaveLength(2);
  expect(phaseOf(newComparison({} as ComparisonRequest, { blind: true }))).toBe('loading');
});

it('counts a vote once, when both are written, for what stood on that side', async () => {
  ask('checkpoint');
  castVote('left');
  expect(comparisonStore.getState().votes).toEqual([]);
  await finished();
  castVote('left');
  castVote('right');
  expect(comparisonStore.getState().votes).toEqual([{ subject: 'r/4', vote: 'checkpoint', blind: true }]);
  expect(comparison().vote).toBe('checkpoint');
});

it('does not count a vote for which the names were in view once', async () => {
  ask('base');
  await finished();
  changeComparisonForm({ blind: false });
  changeComparisonForm({ blind: true });
  castVote('left');
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
