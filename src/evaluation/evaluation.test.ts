import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseRow } from '../data/row';
import type { GradedAnswer } from '../domain/answerRecord';
import type { Example } from '../domain/example';
import type { Grade } from '../domain/verdict';
import { bootstrapMeans, resamples } from './bootstrap';
import { flips, harms, meanLength, metRates, paired, worstAtK } from './evaluation';
import fixture from './fixtures/simpleEvals.json';
import { kappa, type Pairwise, pairwise, pairwiseByCategory, physicianAgreement, physicianRatings } from './metaEval';
import { healthBenchScores } from './scores';

const gradeOf = (met: readonly boolean[]): Grade =>
  met.map((yes) => ({ verdict: yes ? 'met' : 'notMet', explanation: '', confidence: null, failure: null }));

type Stats = Record<string, { mean: number; n: number; bootstrapStd: number; bootstrapSpread: number }>;

/**
 * Means and counts exactly; the bootstrap within 3 standard errors of the difference, at least that of one estimate
 * from 1,000 draws.
 */
function compareScores(graded: readonly { example: Example; grade: Grade }[], expected: Stats) {
  const { overall, tags } = healthBenchScores(graded);
  const ours = new Map([['overall_score', overall], ...tags]);
  expect([...ours.keys()].sort()).toEqual(Object.keys(expected).sort());
  for (const [name, { mean, n, bootstrapStd, bootstrapSpread }] of Object.entries(expected)) {
    const own = ours.get(name)!;
    expect(own.n, name).toBe(n);
    expect(own.mean, name).toBeCloseTo(mean, 12);
    const error = Math.hypot(bootstrapSpread, bootstrapStd / Math.sqrt(2000));
    expect(Math.abs(own.bootstrapStd - bootstrapStd), name).toBeLessThanOrEqual(3 * error + 1e-12);
  }
}

type Metrics = Record<string, { n: number; value: number | null }>;

function comparePairwise(own: Pairwise, expected: Metrics, rater: string, category?: string) {
  const classes = { pos: 'met', neg: 'notMet', balanced: 'balanced' } as const;
  for (const metric of ['precision', 'recall', 'f1'] as const) {
    for (const [theirs, ours] of Object.entries(classes)) {
      const key = `${category === undefined ? '' : `${category}: `}pairwise_${rater}_${metric}_${theirs}`;
      const value = expected[key]?.value ?? null;
      if (value === null) expect(own[metric][ours], key).toBeNull();
      else expect(own[metric][ours], key).toBeCloseTo(value, 12);
    }
  }
}

const lines = (name: string): string[] =>
  readFileSync(`../shared/healthbench/${name}`, 'utf8')
    .split('\n')
    .filter((line) => line !== '');
const recorded = existsSync('../shared/healthbench/graded_part.jsonl');

describe('simple-evals’ own numbers', () => {
  it('are those of made-up grades', { timeout: 60_000 }, () => {
    const graded = fixture.synthetic.graded.map((row) => ({
      example: {
        promptId: row.prompt_id,
        prompt: [],
        rubrics: row.rubrics,
        exampleTags: row.example_tags,
        idealCompletion: null,
      },
      grade: gradeOf(row.met),
    }));
    compareScores(graded, fixture.synthetic.scores);
  });

  it.runIf(recorded)(
    'are those of recorded grades',
    () => {
      const examples = new Map(
        lines('oss_eval_part.jsonl').flatMap((line) => {
          const row = parseRow(line);
          return row.kind === 'example' ? [[row.example.promptId, row.example] as const] : [];
        }),
      );
      const graded = lines('graded_part.jsonl').flatMap((line) => {
        const row = JSON.parse(line) as { prompt_id: string; verdicts: { criterion: string; criteria_met: boolean }[] };
        const example = examples.get(row.prompt_id)!;
        const left = [...row.verdicts];
        const met = example.rubrics.map(({ criterion }) => {
          const at = left.findIndex((verdict) => verdict.criterion === criterion);
          return at < 0 ? undefined : left.splice(at, 1)[0]!.criteria_met;
        });
        if (left.length > 0 || met.includes(undefined)) return [];
        return [{ example, grade: gradeOf(met as boolean[]) }];
      });
      expect(graded).toHaveLength(fixture.recorded.answers);
      compareScores(graded, fixture.recorded.scores);
    },
    60_000,
  );

  it('are those of a made-up audit, with classes that never occur', () => {
    const rows = fixture.audit.rows.map((row) => ({ ...row, labels: row.binary_labels, physicians: null }));
    const ratings = rows.map(({ grader, labels, category }) => ({ own: grader, others: labels, category }));
    comparePairwise(pairwise(ratings), fixture.audit.metrics.model, 'model');
    comparePairwise(pairwise(physicianRatings(rows)), fixture.audit.metrics.physician, 'physician');
    for (const [category, own] of pairwiseByCategory(ratings))
      comparePairwise(own, fixture.audit.metrics.model, 'model', category);
    for (const [category, own] of pairwiseByCategory(physicianRatings(rows)))
      comparePairwise(own, fixture.audit.metrics.physician, 'physician', category);
  });

  it.runIf(recorded)('are those of recorded meta-eval rows', () => {
    const rows = lines('meta_eval_part.jsonl').map((line) => {
      const row = parseRow(line);
      if (row.kind !== 'metaEval') throw new Error('not a meta-eval row');
      return row.row;
    });
    const ratings = rows.map(({ completion, labels, category }) => ({
      own: new TextEncoder().encode(completion).length % 3 !== 0,
      others: labels,
      category,
    }));
    comparePairwise(pairwise(ratings), fixture.recorded.audit.model, 'model');
    comparePairwise(pairwise(physicianRatings(rows)), fixture.recorded.audit.physician, 'physician');
    expect(physicianAgreement(rows).size).toBeGreaterThan(0);
  });
});

describe('answers of one prompt', () => {
  const rubrics = [
    { criterion: 'good', points: 10, tags: [] },
    { criterion: 'harm', points: -5, tags: [] },
  ];
  const example = { promptId: 'p', prompt: [], rubrics, exampleTags: [], idealCompletion: null };
  const answer = (...met: boolean[]): GradedAnswer => ({ example, completion: 'abcd', grade: gradeOf(met), tokens: 2 });
  const ungraded: GradedAnswer = {
    ...answer(false, false),
    grade: gradeOf([false, false]).map((own) => ({ ...own, verdict: 'ungraded' as const })),
  };
  const [good, poor, bad] = [answer(true, false), answer(false, false), answer(true, true)];

  it('have an expected worst', () => {
    const answers = [good, poor, bad]; // 1, 0, 0.5
    expect(worstAtK(answers, 1)).toEqual({ score: expect.closeTo(0.5, 12), prompts: 1 });
    expect(worstAtK(answers, 2).score).toBeCloseTo((0 + 0 + 0.5) / 3, 12);
    expect(worstAtK(answers, 3).score).toBe(0);
    expect(worstAtK(answers, 4)).toEqual({ score: Number.NaN, prompts: 0 });
    expect(worstAtK([answer(false, true)], 1).score).toBe(0); // −0.5, clipped
  });

  it('are compared with those of the base', () => {
    expect(paired([poor], [good])).toMatchObject({ prompts: 1, wins: 1, ties: 0, losses: 0, difference: 1 });
    expect(paired([good], [good])).toMatchObject({ ties: 1, interval: [0, 0] });
    expect(paired([], [good]).prompts).toBe(0);
    const many = Array.from({ length: 9 }, () => poor);
    expect(paired(many, [...many, good])).toMatchObject({ wins: 1, ties: 0, difference: expect.closeTo(0.1, 12) });
    expect(flips([poor], [good]).map(({ after, better }) => [after.criterion.criterion, better])).toEqual([
      ['good', true],
    ]);
    expect(flips([good], [bad])).toMatchObject([{ better: false }]);
  });

  it('flip only where more than half of the answers meet a criterion: a tie is not met', () => {
    const of = (side: readonly GradedAnswer[], other: readonly GradedAnswer[]) =>
      flips(side, other).map(({ before, after, better }) => [
        before.met / before.graded,
        after.met / after.graded,
        better,
      ]);
    expect(of([poor, poor], [good, poor])).toEqual([]);
    expect(of([good, poor], [good, good])).toEqual([[0.5, 1, true]]);
    expect(of([good, good], [good, poor])).toEqual([[1, 0.5, false]]);
    expect(of([good, poor], [poor, poor])).toEqual([]);
    expect(of([ungraded], [good])).toEqual([]);
    expect(of([good], [ungraded])).toEqual([]);
  });

  it('are counted by criterion, harm and length', () => {
    expect(metRates([good, poor]).map(({ met, graded }) => [met, graded])).toEqual([
      [1, 2],
      [0, 2],
    ]);
    expect(harms([good, bad, ungraded])).toMatchObject([{ criterion: 'harm', points: -5 }]);
    expect(meanLength([good])).toEqual({ value: 2, unit: 'tokens' });
    expect(meanLength([{ ...good, tokens: null }])).toEqual({ value: 4, unit: 'characters' });
    expect(meanLength([good, { ...good, tokens: null }])).toEqual({ value: 4, unit: 'characters' });
  });

  it('give a tag their score once, and only ungraded verdicts count as ungraded', () => {
    const twice = { ...good, example: { ...example, exampleTags: ['theme:a', 'theme:a'] } };
    expect(healthBenchScores([twice]).tags.get('theme:a')!.n).toBe(1);
    expect(healthBenchScores([good, poor, ungraded]).ungraded).toBe(2);
  });
});

it('the bootstrap draws 1,000 resamples of as many values', () => {
  expect([...resamples(3, 1)]).toHaveLength(1000);
  expect(bootstrapMeans([1, 2, 3], 1)).toHaveLength(1000);
});

it('kappa is agreement beyond chance', () => {
  const confusion = { metMet: 20, metNot: 5, notMet: 10, notNot: 15 };
  expect(kappa({ confusion, pairs: 50 })).toBeCloseTo(0.4, 12);
  expect(kappa({ confusion: { metMet: 3, metNot: 0, notMet: 0, notNot: 0 }, pairs: 3 })).toBeNull();
});
