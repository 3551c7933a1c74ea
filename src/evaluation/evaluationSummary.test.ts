import { describe, expect, it } from 'vitest';
import { readRecorded } from '../data/recordedFile';
import { answerLine, type EvaluatedAnswer, joinExample, parseAnswer } from '../domain/answerRecord';
import type { Grade } from '../domain/verdict';
import { type EvaluationAbout, summarise } from './evaluationSummary';
import fixture from './fixtures/simpleEvals.json';
import { allResults, simpleEvalsMetrics } from './simpleEvals';

const about: EvaluationAbout = {
  model: 'm',
  grader: 'g',
  data: 'd',
  answers: 2,
  sampling: null,
  seed: 0,
  madeAt: '2026-01-01T00:00:00Z',
};
const gradeOf = (met: readonly boolean[]): Grade =>
  met.map((yes) => ({ verdict: yes ? 'met' : 'notMet', explanation: 'why', confidence: null, failure: null }));

const answers: EvaluatedAnswer[] = fixture.synthetic.graded.map((row, i) => ({
  example: {
    promptId: row.prompt_id,
    prompt: [{ role: 'user', content: '?' }],
    rubrics: row.rubrics,
    exampleTags: row.example_tags,
    idealCompletion: null,
  },
  completion: 'x'.repeat(10 + i),
  grade: gradeOf(row.met),
  tokens: 3 + i,
  finish: i % 4 === 0 ? 'length' : 'stop',
  grader: 'g',
}));
const evaluation = summarise(answers, about);

describe('an evaluation', { timeout: 60_000 }, () => {
  it('has simple-evals’ numbers under simple-evals’ names', () => {
    const metrics = simpleEvalsMetrics(evaluation);
    const expected = Object.entries(fixture.synthetic.scores);
    for (const [name, { mean, n }] of expected) {
      expect(metrics[name], name).toBeCloseTo(mean, 12);
      expect(metrics[`${name}:n_samples`], name).toBe(n);
    }
    expect(Object.keys(metrics)).toHaveLength(3 * (expected.length + 1)); // and score
    expect(metrics.score).toBe(metrics.overall_score);
  });

  it('keeps lengths, kinds of tags, harms and worst-at-k beside the score', () => {
    expect(evaluation).toMatchObject({ prompts: 30, answers: 60, truncated: 15, ungraded: 0, truth: null });
    expect(evaluation.length).toMatchObject({ mean: 32.5, unit: 'tokens' });
    const [ten, twenty] = [10, 20].map((tokens) => ({ ...answers[0]!, tokens }));
    expect(summarise([twenty!, ten!], about).length).toEqual({ mean: 15, median: 15, p90: 19, unit: 'tokens' });
    expect(evaluation.overall.interval[0]).toBeLessThan(evaluation.overall.mean);
    expect(evaluation.overall.interval[1]).toBeGreaterThan(evaluation.overall.mean);
    expect(new Set(evaluation.tags.map(({ kind }) => kind))).toEqual(new Set(['theme', 'category', 'axis', 'level']));
    expect(evaluation.tags.find(({ tag }) => tag === 'theme:hedging')).toMatchObject({
      kind: 'theme',
      name: 'hedging',
    });
    expect(evaluation.worstAtK.map(({ k }) => k)).toEqual([1, 2]);
    expect(evaluation.worstAtK[1]!.score).toBeLessThan(evaluation.worstAtK[0]!.score);
    expect(evaluation.harms.every(({ points }) => points < 0)).toBe(true);
  });

  it('is compared prompt by prompt, and says when graders differ', () => {
    const worse = answers.map((answer) => ({
      ...answer,
      grade: answer.grade.map((own) => ({ ...own, verdict: 'notMet' as const })),
    }));
    const { comparison } = summarise(answers, about, { about: { model: 'base', grader: 'other' }, answers: worse });
    expect(comparison).toMatchObject({ sameGrader: false, baseline: { model: 'base' }, paired: { prompts: 30 } });
    expect(comparison!.paired.wins + comparison!.paired.ties + comparison!.paired.losses).toBe(30);
    expect(comparison!.flips.length).toBeGreaterThan(0);
    expect(comparison!.flips.every(({ points, better, before }) => before === 0 && better === points > 0)).toBe(true);
  });

  it('is written in simple-evals’ layout', async () => {
    const all = (await allResults(evaluation, answers.slice(0, 2), () => 'html')) as {
      metadata: { example_level_metadata: Record<string, unknown>[] };
    };
    expect(Object.keys(all)).toEqual(['score', 'metrics', 'htmls', 'convos', 'metadata']);
    const [row] = all.metadata.example_level_metadata;
    expect(Object.keys(row!).sort()).toEqual(
      ['completion', 'completion_id', 'prompt', 'prompt_id', 'rubric_items', 'score', 'usage'].sort(),
    );
    // sha256('p0' + 'xxxxxxxxxx')
    expect(row!.completion_id).toBe('b901499da6d2efb541a405bd8740925f7e05e2ceca779237e0458cf184d5a840');
  });
});

describe('recorded answers', { timeout: 60_000 }, () => {
  const [answer] = answers;
  const lines = (values: readonly unknown[]) => values.map((value) => `${JSON.stringify(value)}\n`).join('');
  async function* of(text: string) {
    yield text;
  }

  it('come back as they were written', async () => {
    const text = lines(answers.map((own) => answerLine(own, null)));
    const { answers: read, problems } = await readRecorded('answers.jsonl', of(text), null);
    expect(problems).toEqual([]);
    expect(summarise(read, about)).toEqual(evaluation);
  });

  it('come back from simple-evals’ allresults', async () => {
    const all = await allResults(evaluation, answers, () => '');
    const examples = new Map(answers.map(({ example }) => [example.promptId, example]));
    const { answers: read, problems } = await readRecorded('x_allresults.json', of(JSON.stringify(all)), examples);
    expect(problems).toEqual([]);
    expect(simpleEvalsMetrics(summarise(read, about))).toEqual(simpleEvalsMetrics(evaluation));
  });

  it('find their criteria by words; what is missing is ungraded, what is foreign is refused', () => {
    const { example } = answer!;
    const record = {
      prompt_id: 'p0',
      completion: 'a',
      verdicts: [{ criterion: ` ${example.rubrics[1]!.criterion}`, criteria_met: true }],
    };
    const joined = joinExample(parseAnswer(record), example);
    expect(joined.grade.map(({ verdict }) => verdict).slice(0, 2)).toEqual(['ungraded', 'met']);
    const foreign = { ...record, verdicts: [{ criterion: 'something else', criteria_met: true }] };
    expect(() => joinExample(parseAnswer(foreign), example)).toThrow(/has no criterion "something else"/);
    expect(() => joinExample(parseAnswer(record), undefined)).toThrow(/is not in the data/);
  });

  it.each([
    [{ completion: 'a', verdicts: [{ criterion: 'c', criteria_met: true }] }, /promptId/],
    [{ prompt_id: 'p', verdicts: [{ criterion: 'c', criteria_met: true }] }, /completion/],
    [{ prompt_id: 'p', completion: 'a', verdicts: [{ criterion: 'c', criteria_met: 'true' }] }, /criteria_met/],
    [{ prompt_id: 'p', completion: 'a', verdicts: [{ criterion: 'c' }] }, /neither verdict nor criteria_met/],
    [7, /no JSON object/],
  ])('%j is refused', (value, message) => {
    expect(() => parseAnswer(value)).toThrow(message);
  });
});
