import { expect, it } from 'vitest';
import { PRESETS } from './presets';
import { problems, runConfigSchema } from './run';

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
