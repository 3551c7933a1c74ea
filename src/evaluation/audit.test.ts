import { expect, it } from 'vitest';
import type { CriterionGrade, Grade, Verdict } from '../domain/verdict';
import { auditGrader, labelled, metaEvalAnswers, physicianReport, recordedAnswers } from './audit';
import fixture from './fixtures/simpleEvals.json';

const grade = (verdict: Verdict): CriterionGrade => ({ verdict, explanation: '', confidence: null, failure: null });
const row = (labels: readonly boolean[], category: string) => ({
  promptId: 'p',
  prompt: [{ role: 'user' as const, content: '?' }],
  completion: 'a',
  criterion: 'c',
  labels,
  physicians: null,
  category,
});

it('is simple-evals’ pooled and per-category balanced F1, and physicians’ own', () => {
  const rows = fixture.audit.rows.map(({ binary_labels, category }) => row(binary_labels, category));
  const grades = fixture.audit.rows.map(({ grader }): Grade => [grade(grader ? 'met' : 'notMet')]);
  const answers = metaEvalAnswers(rows);
  const { pooled, categories, ungraded } = auditGrader('g', answers, grades);
  const metrics = fixture.audit.metrics as Record<string, Record<string, { value: number | null }>>;
  const value = (name: string) => metrics.model![name]?.value ?? null;
  expect(ungraded).toBe(0);
  expect(pooled.pairwise.f1.balanced).toBeCloseTo(value('pairwise_model_f1_balanced')!, 12);
  expect(categories.map(({ category }) => category)).toEqual(['cluster:a', 'cluster:b', 'cluster:c', 'cluster:d']);
  for (const { category, pairwise } of categories)
    expect(pairwise.f1.balanced, category).toEqual(value(`${category}: pairwise_model_f1_balanced`));
  // No hit on either side is an F1 of 0, not of 0 / 0.
  expect(categories.at(-1)!.pairwise.f1).toEqual({ met: 0, notMet: 0, balanced: 0 });
  const physicians = physicianReport(rows)!;
  const { balanced } = physicians.pooled.pairwise.f1;
  expect(balanced).toBeCloseTo(metrics.physician!.pairwise_physician_f1_balanced!.value!, 12);
});

it('compares with recorded verdicts, by sign of the points; what either side did not grade is in no pair', () => {
  const rubrics = [5, 3, -4, -2].map((points, i) => ({ criterion: `c${i}`, points, tags: [] }));
  const example = { promptId: 'p', prompt: [], rubrics, exampleTags: [], idealCompletion: null };
  const truth = (['met', 'notMet', 'met', 'ungraded'] as const).map(grade);
  const answers = recordedAnswers([
    { example, completion: 'a', grade: truth, tokens: null, finish: null, grader: 'x' },
  ]);
  expect(labelled(answers)).toBe(3);
  const own = auditGrader('g', answers, [(['met', 'met', 'ungraded', 'met'] as const).map(grade)]);
  expect(own).toMatchObject({
    ungraded: 1,
    pooled: { accuracy: 0.5, pairwise: { pairs: 2, confusion: { metMet: 1, metNot: 1 } } },
  });
  expect(own.categories).toMatchObject([{ category: 'positive points', pairwise: { pairs: 2 } }]);
});

it('has no physicians to compare with where a row has one label', () => {
  expect(physicianReport([row([true], 'a')])).toBeNull();
});
