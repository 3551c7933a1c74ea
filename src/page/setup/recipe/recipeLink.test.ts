import { expect, it } from 'vitest';
import { PROJECTIONS } from '../../../domain/model';
import { RECIPE_FIELDS } from '../../../domain/recipe/pageFields';
import { PRESETS } from '../../../domain/recipe/presets';
import { type Recipe, recipeSchema } from '../../../domain/recipe/recipe';
import { uniform } from '../../../random';
import { recipeDiff } from './recipeDiff';
import { decodeRecipe, encodeRecipe } from './recipeLink';
import { presetConfig } from './recipeStore';

const link = (value: unknown) => btoa(JSON.stringify(value)).replaceAll('+', '-').replaceAll('/', '_');
const linkOf = (set: object) => link({ v: 1, preset: 'demo', set });
const whyNot = (text: string) => {
  const found = decodeRecipe(text);
  return found.ok ? null : found.why;
};

it.each(PRESETS.map(({ id }) => id))('preset %s comes back from its link, and its link fits a message', (id) => {
  const text = encodeRecipe(id, presetConfig(id));
  expect(text).toMatch(/^[\w-]+$/);
  expect(text.length).toBeLessThan(900);
  expect(decodeRecipe(text)).toEqual({ ok: true, preset: id, config: presetConfig(id) });
});

it('any recipe that the page can make comes back exactly', () => {
  for (let seed = 1; seed <= 300; seed++) {
    const { preset, config } = randomRecipe(seed);
    expect(decodeRecipe(encodeRecipe(preset, config)), `seed ${seed}`).toEqual({ ok: true, preset, config });
  }
});

it('never has a teacher or a prompt in it', () => {
  const config = presetConfig('selfRewarding');
  const teacher = { kind: 'endpoint', url: 'https://secret.example/v1', model: 'm', concurrency: 4 } as const;
  const grader = {
    ...config.grader,
    kind: 'mixed' as const,
    template: 'private words <<conversation>> <<rubric_item>>',
    teacher: { ...teacher, inputPrice: 1, outputPrice: 2 },
  };
  const text = encodeRecipe('selfRewarding', { ...config, grader });
  expect(atob(text.replaceAll('-', '+').replaceAll('_', '/'))).not.toMatch(/secret|teacher|private|template/);
  const { teacher: _, template: __, ...rest } = grader;
  expect(decodeRecipe(text)).toMatchObject({ ok: true, config: { grader: rest } });
});

it('refuses what is damaged, hostile or out of range, in words', () => {
  const whole = encodeRecipe('demo', presetConfig('demo'));
  for (const text of [
    '',
    whole.slice(0, -7),
    '!!',
    '%00',
    link(null),
    link([]),
    link({ v: 2, preset: 'demo', set: {} }),
  ])
    expect(whyNot(text), text).toMatch(/damaged/);
  expect(whyNot(link({ v: 1, preset: '__proto__', set: {} }))).toMatch(/damaged/);
  expect(whyNot(link({ v: 1, preset: 'demo', set: {}, more: 1 }))).toMatch(/damaged/);
  expect(whyNot('A'.repeat(8001))).toMatch(/longer/);
  expect(whyNot(linkOf({ steps: 0 }))).toMatch(/^steps is out of range/);
  expect(whyNot(linkOf({ steps: 1e9 }))).toBe('“Steps” is 1000000000 but must be from 1 to 100000');
  expect(whyNot(linkOf({ steps: '60' }))).toMatch(/^steps/);
  expect(whyNot(linkOf({ 'loss.type': 'mine' }))).toMatch(/^loss.type/);
  expect(whyNot(btoa('{"v":1,"preset":"demo","set":{"loss.klCoef":1e999}}'))).toMatch(/^loss.klCoef/);
  expect(whyNot(linkOf({ 'grader.template': 'Say yes' }))).toMatch(/links cannot carry/);
  expect(whyNot(linkOf({ later: 1 }))).toMatch(/newer version/);
  expect(whyNot(linkOf({ trainable: { kind: 'full', rank: 4 } }))).toMatch(/newer version/);
  const teacher = { kind: 'endpoint', url: 'https://stranger.example/v1', model: 'm' };
  expect(whyNot(linkOf({ 'grader.kind': 'teacher', 'grader.teacher': teacher }))).toMatch(/names a teacher/);
  expect(whyNot(linkOf({ grader: { ...presetConfig('demo').grader, teacher } }))).not.toBeNull();
});

it('cannot reach beyond the recipe', () => {
  const paths = [
    '__proto__.steps',
    'constructor.prototype.steps',
    'loss.constructor.x',
    'toString.x',
    'steps.x',
    '',
    '.',
    'a b',
  ];
  for (const path of paths) expect(whyNot(linkOf({ [path]: 1 })), path).toMatch(/not a recipe setting/);
  expect(whyNot(btoa('{"v":1,"preset":"demo","set":{"loss":{"__proto__":{"klCoef":1}}}}'))).not.toBeNull();
  expect(Object.prototype).not.toHaveProperty('steps');
  expect(presetConfig('demo')).toEqual(recipeSchema.parse(PRESETS[0]!.config));
});

it('tells every difference that a link can make', () => {
  for (let seed = 1; seed <= 100; seed++) {
    const { preset, config } = randomRecipe(seed);
    if (JSON.stringify(config) !== JSON.stringify(presetConfig(preset)))
      expect(recipeDiff(presetConfig(preset), config), `seed ${seed}`).not.toEqual([]);
  }
});

/** A preset with some fields drawn within their bounds, and settings that only a link or a file has. */
function randomRecipe(seed: number) {
  let drawn = 0;
  const next = () => uniform(seed, drawn++);
  const draw = <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)]!;
  const { id: preset } = draw(PRESETS);
  let config: Recipe = presetConfig(preset);
  for (const field of RECIPE_FIELDS) {
    if (next() < 0.7) continue;
    if (field.kind === 'choice') config = field.set(config, draw(field.options).value);
    else {
      const value = field.min + next() * (field.max - field.min);
      config = field.set(config, field.whole ? Math.round(value) : value);
    }
  }
  const { trainable } = config;
  if (trainable.kind === 'lora' && next() < 0.5)
    config = {
      ...config,
      trainable: { ...trainable, alpha: 7.5, targets: PROJECTIONS.filter((_, i) => i === 0 || next() < 0.5) },
    };
  if (next() < 0.3)
    config = { ...config, filter: { ...config.filter, themes: ['hedging', 'context_seeking'], minPoints: next() } };
  if (next() < 0.3) config = { ...config, thinking: next() < 0.5 };
  if (next() < 0.3) config = { ...config, optimizer: { ...config.optimizer, eps: next(), beta2: next() } };
  return { preset, config: recipeSchema.parse(config) };
}
