import { expect, it } from 'vitest';
import type { EvaluatedAnswer } from '../../domain/answerRecord';
import type { SavedEvaluation } from '../../evaluation/evaluations';
import { pairsOf, voteCounts } from './blindVote';
import { subjectOf } from './evaluationActions';

const answer = (promptId: string, completion: string) =>
  ({ example: { promptId }, completion }) as unknown as EvaluatedAnswer;
const ids = Array.from({ length: 40 }, (_, i) => `p${i}`);
const kept = {
  entry: { id: 'evaluation-1' },
  answers: ids.map((id) => answer(id, 'after')),
  startAnswers: ids.map((id) => answer(id, 'before')),
} as unknown as Extract<SavedEvaluation, { kind: 'evaluation' }>;

it('mixes the sides, the same way each time, and counts votes for what they were', () => {
  const pairs = pairsOf(kept);
  expect(pairs).toHaveLength(40);
  expect(pairsOf(kept)).toEqual(pairs);
  const left = pairs.filter(({ trained }) => trained === 'left').length;
  expect(left).toBeGreaterThan(8);
  expect(left).toBeLessThan(32);
  for (const pair of pairs) expect(pair[pair.trained].completion).toBe('after');
  const votes = { 0: pairs[0]!.trained, 1: pairs[1]!.trained === 'left' ? 'right' : 'left', 2: 'same' } as const;
  expect(voteCounts(pairs, votes)).toEqual({ after: 1, before: 1, same: 1, total: 3 });
});

it('pairs nothing where the start was not asked', () => {
  expect(pairsOf({ ...kept, startAnswers: [] })).toEqual([]);
});

it('knows a checkpoint by run and step', () => {
  expect(subjectOf('run-2026/40')).toEqual({ kind: 'checkpoint', runId: 'run-2026', step: 40 });
  expect(subjectOf('open')).toEqual({ kind: 'openModel' });
});
