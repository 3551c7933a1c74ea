import { expect, it } from 'vitest';
import type { EvaluatedAnswer } from '../../domain/answerRecord';
import type { SavedEvaluation } from '../../evaluation/evaluations';
import { pairsOf } from './answerPairs';
import { subjectOf } from './evaluationActions';

const answer = (promptId: string, completion: string) =>
  ({ example: { promptId }, completion }) as unknown as EvaluatedAnswer;
const ids = Array.from({ length: 40 }, (_, i) => `p${i}`);
const kept = {
  entry: { id: 'evaluation-1' },
  answers: ids.map((id) => answer(id, 'after')),
  startAnswers: ids.map((id) => answer(id, 'before')),
} as unknown as Extract<SavedEvaluation, { kind: 'evaluation' }>;

it('mixes the sides, the same way each time', () => {
  const pairs = pairsOf(kept);
  expect(pairs).toHaveLength(40);
  expect(pairsOf(kept)).toEqual(pairs);
  const left = pairs.filter(({ order }) => order[0] === 'checkpoint').length;
  expect(left).toBeGreaterThan(8);
  expect(left).toBeLessThan(32);
  for (const { answers } of pairs) {
    expect([answers.base.completion, answers.checkpoint.completion]).toEqual(['before', 'after']);
  }
});

it('leaves out answers to different prompts', () => {
  const startAnswers = [answer('other', 'before'), ...kept.startAnswers.slice(1)];
  expect(pairsOf({ ...kept, startAnswers })).toHaveLength(39);
});

it('pairs nothing where the start was not asked', () => {
  expect(pairsOf({ ...kept, startAnswers: [] })).toEqual([]);
});

it('knows a checkpoint by run and step', () => {
  expect(subjectOf('run-2026/40')).toEqual({ kind: 'checkpoint', runId: 'run-2026', step: 40 });
  expect(subjectOf('open')).toEqual({ kind: 'openModel' });
});
