import { expect, it } from 'vitest';
import type { Grade, Verdict } from '../domain/verdict';
import { auditGrader, metaEvalAnswers } from './audit';
import { auditChange } from './auditChange';
import { auditOf } from './auditSummary';

const grades = (verdicts: readonly Verdict[]): Grade[] =>
  verdicts.map((verdict) => [{ verdict, explanation: '', confidence: null, failure: null }]);
const rows = (labels: readonly (readonly boolean[])[]) =>
  labels.map((own, i) => ({
    promptId: `p${i}`,
    prompt: [{ role: 'user' as const, content: '?' }],
    completion: 'a',
    criterion: 'c',
    labels: own,
    physicians: null,
    category: 'cluster:a',
  }));

it('compares two graders on the criteria that both graded, pair by pair', () => {
  const answers = metaEvalAnswers(rows([[true, true], [false], [true, false], [false, false], [true]]));
  const before = grades(['notMet', 'met', 'met', 'notMet', 'ungraded']);
  const after = grades(['met', 'met', 'notMet', 'met', 'met']);
  const change = auditChange(answers, before, after, 1)!;
  // The fifth is left out. First: both pairs become right; third: one either way; fourth: both become wrong.
  expect(change).toMatchObject({ criteria: 4, gained: 3, lost: 3 });
  expect(change.before.pairwise.confusion).toEqual({ metMet: 1, metNot: 2, notMet: 2, notNot: 2 });
  expect(change.after.pairwise.confusion).toEqual({ metMet: 2, metNot: 3, notMet: 1, notNot: 1 });
  // F1 of met 1/3 → 1/2, of not met 1/2 → 1/3: the mean does not move.
  expect(change.difference).toBeCloseTo(0, 12);
  expect(auditChange(answers, before, grades(Array.from({ length: 5 }, () => 'ungraded')), 1)).toBeNull();
});

it('has an interval that shrinks with the prompts and is 0 where nothing changed', () => {
  const of = (n: number) => {
    const answers = metaEvalAnswers(rows(Array.from({ length: n }, (_, i) => [i % 2 === 0])));
    const [wrong, right] = [3, 7].map((every) =>
      grades(Array.from({ length: n }, (_, i) => ((i % 2 === 0) === (i % every !== 0) ? 'met' : 'notMet'))),
    );
    return { change: auditChange(answers, wrong!, right!, 1)!, same: auditChange(answers, right!, right!, 1)! };
  };
  const [few, many] = [of(42), of(840)];
  expect(few.change.difference).toBeGreaterThan(0.1);
  const width = ({ interval }: typeof few.change) => interval![1] - interval![0];
  expect(width(few.change) / width(many.change)).toBeGreaterThan(3);
  expect(many.change.interval![0]).toBeGreaterThan(0);
  expect(many.same).toMatchObject({ difference: 0, interval: [0, 0], gained: 0, lost: 0 });
});

it('is part of the audit only where there are two graders', () => {
  const known = { kind: 'metaEval', file: 'f', reference: 'physicians', rows: rows([[true], [false]]) } as const;
  const answers = metaEvalAnswers(known.rows);
  const graded = (['met', 'notMet'] as const).map((verdict) => {
    const own = grades([verdict, 'met']);
    return { grader: auditGrader(verdict, answers, own), grades: own };
  });
  expect(auditOf({ ...known, answers }, graded, '', 1)).toMatchObject({
    criteria: 2,
    graders: [{ name: 'met' }, { name: 'notMet' }],
    change: { gained: 0, lost: 1 },
  });
  expect(auditOf({ ...known, answers }, graded.slice(1), '', 1).change).toBeNull();
});
