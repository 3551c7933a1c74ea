import { expect, it } from 'vitest';
import { RECIPE_FIELDS, RECIPE_SECTIONS } from '../../../domain/recipe/pageFields';
import { PRESETS } from '../../../domain/recipe/presets';
import { problems } from '../../../domain/recipe/problems';
import { recipeSchema } from '../../../domain/recipe/recipe';
import { ready } from '../../connection/asyncState';
import { recipeOf, takeOver } from '../../run/lastRun';
import { FAKE_DATA } from '../../test/fakeReports';
import { recipeChecks } from './recipeChecks';
import { diffLine, recipeDiff } from './recipeDiff';
import { changeRecipe, choosePreset, followModel, presetConfig, recipeStore } from './recipeStore';

it.each(PRESETS.map(({ id }) => id))('preset %s is sound, and within the bounds of every field', (id) => {
  const config = presetConfig(id);
  expect(problems(config)).toEqual([]);
  for (const field of RECIPE_FIELDS) {
    if (field.kind !== 'number') continue;
    const value = field.get(config);
    if (value !== null) expect(value, field.id).toBeGreaterThanOrEqual(field.min);
    if (value !== null) expect(value, field.id).toBeLessThanOrEqual(field.max);
  }
});

it('every field changes exactly itself, to something that the schema accepts', () => {
  const config = presetConfig('selfRewarding');
  for (const field of RECIPE_FIELDS) {
    const next =
      field.kind === 'choice'
        ? field.set(config, field.options.find(({ value }) => value !== field.get(config))!.value)
        : field.set(config, field.get(config) === field.max ? field.min : field.max);
    expect(recipeSchema.safeParse(next).success, field.id).toBe(true);
    expect(recipeDiff(config, next).map(({ title }) => title)).toContain(field.title);
  }
  expect(recipeDiff(config, config)).toEqual([]);
});

it('says differences in one line, and leaves none out without saying so', () => {
  const config = presetConfig('demo');
  const optimizer = { ...config.optimizer, learningRate: 1e-4, beta2: 0.95 };
  const sampling = { ...config.sampling, maxNewTokens: 32 };
  const teacher = { kind: 'recorded', name: 'Grades.jsonl' } as const;
  const grader = { ...config.grader, kind: 'frozen' as const, teacher, template: 'with the model' };
  const changes = recipeDiff(config, { ...config, sampling, optimizer, grader });
  expect(diffLine(changes)).toBe(
    'max answer length 64 → 32 tokens; grader current model → frozen starting model; ' +
      'learning rate 3e−4 → 1e−4; AdamW β2 0.999 → 0.95; teacher none → Grades.jsonl',
  );
  expect(diffLine(changes, 1)).toBe('max answer length 64 → 32 tokens; 4 more, listed under Recipe');
});

it('shows every field in a section, and only those that say something', () => {
  const places = new Set<string>(['surface', ...RECIPE_SECTIONS.map(({ id }) => id)]);
  expect(RECIPE_FIELDS.filter(({ section }) => !places.has(section))).toEqual([]);
  const config = presetConfig('selfRewarding');
  const kinds = RECIPE_FIELDS.find(({ id }) => id === 'loss.klKind')!;
  expect(kinds.shown(config)).toBe(false);
  expect(kinds.shown({ ...config, loss: { ...config.loss, klCoef: 0.01 } })).toBe(true);
});

it('gives cispo the largest ratio that it needs, and the clip back after it', () => {
  const config = presetConfig('selfRewarding');
  const type = RECIPE_FIELDS.find(({ id }) => id === 'loss.type')!;
  if (type.kind !== 'choice') throw new Error('the loss is a choice');
  const cispo = type.set(config, 'cispo');
  expect(problems(cispo)).toEqual([]);
  expect(type.set(cispo, 'grpo')).toEqual(config);
});

it('knows of the open data what a warm start lacks', () => {
  const config = presetConfig('selfRewarding');
  const warm = { ...config, warmStart: { ...config.warmStart, steps: 10 } };
  const checks = (idealCompletions: number) =>
    recipeChecks(warm, {
      data: ready({ ...FAKE_DATA, warmStart: { idealCompletions, labelledVerdicts: 0 } }),
    });
  expect(checks(0).wrong.join()).toMatch(/has no examples/);
  expect(checks(5)).toMatchObject({ wrong: [], notes: [expect.stringMatching(/ideal completions only/)] });
  expect(recipeChecks(warm, { data: { state: 'opening', label: '', before: null } }).wrong).toEqual([]);
});

it('has an own id for every field', () => {
  expect(new Set(RECIPE_FIELDS.map(({ id }) => id)).size).toBe(RECIPE_FIELDS.length);
});

it('follows the model until a person has chosen', () => {
  followModel(false);
  expect(recipeStore.getState().preset).toBe('selfRewarding');
  followModel(true);
  expect(recipeStore.getState().preset).toBe('demo');
  choosePreset('selfRewarding');
  changeRecipe({ ...recipeStore.getState().config, steps: 7 });
  followModel(true);
  expect(recipeStore.getState().config.steps).toBe(7);
});

it('takes a run’s recipe over, to be compared with the nearest preset', () => {
  const config = { ...presetConfig('trlLora'), steps: 7 };
  const run = { config: { ...config, grader: { ...config.grader, template: 'with the model' } } };
  takeOver(recipeOf(run)!);
  expect(recipeStore.getState()).toEqual({ preset: 'trlLora', config, touched: true });
  expect(recipeOf({ config: { ...config, steps: 'many' } as never })).toBeNull();
});
