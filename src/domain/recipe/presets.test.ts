import { expect, it } from 'vitest';
import { PRESETS } from './presets';
import { problems, warmStartProblem, warnings } from './problems';
import { recipeSchema } from './recipe';

it.each(PRESETS)('$id is a sound recipe', ({ config }) => {
  expect(problems(recipeSchema.parse(config))).toEqual([]);
});

it('names what is wrong with a recipe', () => {
  const found = problems(
    recipeSchema.parse({
      groupSize: 1,
      promptsPerStep: 1,
      sampling: { temperature: 0 },
      optimizer: { stepsPerRollout: 2 },
    }),
  );
  expect(found).toHaveLength(3);
});

it('warns of sampling that the update does not know of, and of nothing in the presets', () => {
  for (const { config } of PRESETS) expect(warnings(recipeSchema.parse(config))).toEqual([]);
  const of = (sampling: object) => warnings(recipeSchema.parse({ sampling })).join();
  expect(of({ topK: 20, topP: 0.9 })).toMatch(/^Top-k and top-p filter .* full distribution/);
  expect(of({ minP: 0.1 })).toMatch(/^Min-p filters/);
  expect(of({ repetitionPenalty: 1.1 })).toMatch(/repetition penalty/);
});

it('says what the data lacks for a warm start', () => {
  const lacks = (gradingShare: number, idealCompletions: number, labelledVerdicts: number, steps = 1) =>
    warmStartProblem(recipeSchema.parse({ warmStart: { steps, gradingShare } }), {
      idealCompletions,
      labelledVerdicts,
    });
  expect(lacks(0.5, 0, 0, 0)).toBeNull();
  expect(lacks(0.5, 3, 3)).toBeNull();
  expect(lacks(0, 3, 0)).toBeNull();
  expect(lacks(1, 0, 3)).toBeNull();
  expect(lacks(0.5, 3, 0)).toMatchObject({ blocks: false, text: expect.stringMatching(/ideal completions only/) });
  expect(lacks(0.5, 0, 3)).toMatchObject({ blocks: false, text: expect.stringMatching(/gradings only/) });
  expect(lacks(0.5, 0, 0)).toMatchObject({
    blocks: true,
    text: expect.stringMatching(/has no ideal completions and no verdicts on answers\./),
  });
  expect(lacks(0, 0, 3)).toMatchObject({ blocks: true, text: expect.stringMatching(/has no ideal completions\./) });
  expect(lacks(1, 3, 0)).toMatchObject({ blocks: true, text: expect.stringMatching(/has no verdicts on answers\./) });
});

it('says what the frozen grader and KL mean after a warm start', () => {
  const of = (change: object) => warnings(recipeSchema.parse(change)).join();
  const warmStart = { steps: 1 };
  expect(of({ warmStart })).toBe('');
  expect(of({ loss: { klCoef: 0.1 } })).toBe('');
  expect(of({ warmStart, loss: { klCoef: 0.1 } })).toMatch(
    /^The KL penalty refers to the model before the warm start.*step 0/,
  );
  expect(of({ warmStart, grader: { kind: 'frozen' } })).toMatch(
    /^The frozen grader is the model before the warm start/,
  );
});

it('warns of losses whose numbers do not fit them', () => {
  const parse = (loss: object, optimizer: object = {}) => recipeSchema.parse({ steps: 3, loss, optimizer });
  const of = (...args: Parameters<typeof parse>) => warnings(parse(...args)).join();
  expect(of({})).toBe('');
  expect(problems(parse({ type: 'cispo' })).join()).toMatch(/upper clip range is 0\.28, but with this loss/);
  expect(problems(parse({ type: 'cispo', clipHigh: 5 }))).toEqual([]);
  const long = { sampling: { maxNewTokens: 100 }, lengthPenalty: { overlongTokens: 101 } };
  expect(problems(recipeSchema.parse(long)).join()).toMatch(/at most 100 tokens/);
  expect(of({ type: 'gspo' })).toMatch(/hardly ever clips/);
  expect(of({ type: 'gspo', clipLow: 3e-4, clipHigh: 4e-4 })).toBe('');
  expect(of({ clipCap: 1.2 })).toMatch(/within the clip range/);
  expect(of({ clipCap: 3 })).toBe('');
  expect(of({ klCoef: 0.1, klKind: 'k1' })).toMatch(/k1/);
  expect(of({ klCoef: 0.1, klKind: 'k1', klIn: 'reward' })).toBe('');
  expect(of({}, { warmupSteps: 6, stepsPerRollout: 2 })).toMatch(/is not over when the run ends, after 6 updates/);
  expect(of({}, { warmupSteps: 6, stepsPerRollout: 2, epochsPerRollout: 2 })).toBe('');
});
