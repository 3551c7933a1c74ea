import { expect, it } from 'vitest';
import { PRESETS } from './presets';
import { problems, runConfigSchema, warnings } from './run';

it.each(PRESETS)('$id is a sound recipe', ({ config }) => {
  expect(problems(runConfigSchema.parse(config))).toEqual([]);
});

it('names what is wrong with a recipe', () => {
  const found = problems(
    runConfigSchema.parse({
      groupSize: 1,
      promptsPerStep: 1,
      sampling: { temperature: 0 },
      optimizer: { stepsPerRollout: 2 },
      loss: { klCoef: 0.1 },
      grader: { kind: 'frozen' },
      trainable: { kind: 'full' },
    }),
  );
  expect(found).toHaveLength(5);
});

it('warns of sampling that the update does not know of, and of nothing in the presets', () => {
  for (const { config } of PRESETS) expect(warnings(runConfigSchema.parse(config))).toEqual([]);
  const of = (sampling: object) => warnings(runConfigSchema.parse({ sampling })).join();
  expect(of({ topK: 20, topP: 0.9 })).toMatch(/^top-k and top-p cut .* not renormalised/);
  expect(of({ minP: 0.1 })).toMatch(/^min-p cut/);
  expect(of({ repetitionPenalty: 1.1 })).toMatch(/repetition penalty/);
});
