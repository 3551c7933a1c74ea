import { describe, expect, it } from 'vitest';
import { graderSchema } from '../domain/recipe/grader';
import { rubricReward } from '../domain/reward';
import { uniform } from '../random';
import { softReward } from '../reference/softReward';
import { characterText, testExample, testRollout } from '../rl/test/testModel';
import { decide, majority } from './decide';
import { verdictForms } from './gradeForced';
import type { GraderModel } from './graderModel';
import { ModelGrader } from './policyGrader';
import { ungraded } from './readVerdict';

const POINTS = [5, 3, -4];
const example = {
  ...testExample('soft'),
  rubrics: POINTS.map((points, c) => ({ criterion: `criterion ${c}`, points, tags: [] })),
};
const VOCABULARY = 128;

/** Logits of every criterion, drawn by seed; a model that scores by them and writes one reason after the other. */
function randomModel(seed: number) {
  const logits = POINTS.map((_, c) =>
    Array.from({ length: VOCABULARY }, (_, v) => 8 * uniform(seed, c * VOCABULARY + v) - 4),
  );
  let written = 0;
  const model = {
    config: { endTokens: [] },
    contextLength: 4096,
    generate: async (requests: readonly object[]) =>
      requests.map(() => ({ tokens: [...characterText.encode(`reason ${written++}"`)], finish: 'stop' })),
    score: async (requests: readonly Int32Array[], candidates: readonly number[]) =>
      requests.map((tokens) => {
        const own = logits[Number(/criterion (\d)/.exec(characterText.decode(tokens))![1])]!;
        const total = Math.log(own.reduce((sum, logit) => sum + Math.exp(logit), 0));
        return Float32Array.from(candidates, (token) => own[token]! - total);
      }),
  };
  return { model: model as unknown as GraderModel, logits, written: () => written };
}

const config = (change: object) => graderSchema.parse({ template: '<<conversation>>?<<rubric_item>>', ...change });
const { whenTrue, whenFalse } = verdictForms(characterText, '"criteria_met":');

describe('a soft reward', () => {
  it.each(['verdict', 'forced'])('equals the reference in %s mode', async (mode) => {
    for (let seed = 1; seed <= 20; seed++) {
      const { model, logits } = randomModel(seed);
      const grader = new ModelGrader(model, characterText, config({ mode, verdict: 'soft' }));
      const [grade] = await grader.grade([testRollout(example, 0, 'Rest.')], { seed });
      const wanted = softReward(
        POINTS.map((points, c) => ({ points, logits: logits[c]! })),
        whenTrue,
        whenFalse,
      );
      expect(rubricReward(example.rubrics, grade!, 'leftOut')).toBeCloseTo(wanted, 5);
      for (const { verdict, confidence } of grade!) expect(verdict).toBe(confidence! > 0.5 ? 'met' : 'notMet');
    }
  });

  it('tells answers apart whose verdicts are the same', () => {
    const grade = (p: number) => [{ ...decide(p, config({ verdict: 'soft' }), 1) }];
    expect([grade(0.6)[0]!.verdict, grade(0.9)[0]!.verdict]).toEqual(['met', 'met']);
    expect(rubricReward([{ points: 5 }], grade(0.6), 'leftOut')).toBe(0.6);
    expect(rubricReward([{ points: 5 }], grade(0.9), 'leftOut')).toBe(0.9);
  });
});

describe('votes', () => {
  const voting = { verdict: 'votes', votes: 16, sampling: { temperature: 1, maxNewTokens: 8 } };

  it('have the mean of drawn verdicts, ± 4 standard errors', () => {
    const credits = Array.from({ length: 400 }, (_, seed) => decide(0.3, config(voting), seed).credit!);
    const mean = credits.reduce((sum, credit) => sum + credit, 0) / credits.length;
    expect(Math.abs(mean - 0.3)).toBeLessThan(4 * Math.sqrt((0.3 * 0.7) / (16 * 400)));
    const variance = credits.reduce((sum, credit) => sum + (credit - mean) ** 2, 0) / credits.length;
    expect(variance).toBeGreaterThan((0.7 * 0.3 * 0.7) / 16);
    expect(variance).toBeLessThan((1.3 * 0.3 * 0.7) / 16);
  });

  it('write a reason each in forced mode, and one verdict of all', async () => {
    const { model, written } = randomModel(3);
    const grader = new ModelGrader(model, characterText, config({ mode: 'forced', ...voting, votes: 5 }));
    const reported: number[] = [];
    const grades = await grader.grade(
      [testRollout(example, 0, 'Rest.'), testRollout(example, 0, 'Wait.')],
      { seed: 1 },
      { onGrade: (rollout, c) => reported.push(10 * rollout + c) },
    );
    expect(written()).toBe(2 * 3 * 5);
    expect(reported.sort((a, b) => a - b)).toEqual([0, 1, 2, 10, 11, 12]);
    for (const { credit, verdict } of grades.flat()) {
      expect(5 * credit!).toBeCloseTo(Math.round(5 * credit!), 9);
      expect(verdict).toBe(credit! > 0.5 ? 'met' : 'notMet');
    }
  });

  it('leave votes without a verdict out, unless all are', () => {
    const vote = (verdict: 'met' | 'notMet') => ({ verdict, explanation: verdict, confidence: 0.5, failure: null });
    const none = ungraded('no room');
    expect(majority([none, vote('met'), vote('notMet'), vote('met')])).toMatchObject({
      verdict: 'met',
      credit: 2 / 3,
      explanation: 'met',
    });
    expect(majority([none, none])).toBe(none);
  });
});
