import { beforeEach, expect, it } from 'vitest';
import { filterSchema, NO_FILTER } from '../../../domain/filter';
import { ready } from '../../connection/asyncState';
import { fakeFiltered } from '../../test/fakeReports';
import { recipeChecks } from '../recipe/recipeChecks';
import { diffLine, recipeDiff } from '../recipe/recipeDiff';
import { decodeRecipe, encodeRecipe } from '../recipe/recipeLink';
import { choosePreset, presetConfig, recipeStore } from '../recipe/recipeStore';
import { initialSetup, reportData, setupStore } from '../setupStore';
import { changeFilter, filterFacts, offers, toggleName } from './dataFilter';

const filterNow = () => recipeStore.getState().config.filter;
beforeEach(() => {
  choosePreset('demo');
  setupStore.setState(initialSetup);
});

it('takes themes in and out, in the order of the file', () => {
  const report = fakeFiltered(NO_FILTER);
  const offered = offers(report, 'themes', NO_FILTER);
  expect(offered.map(({ name, count }) => [name, count])).toEqual([
    ['emergency referrals', 120],
    ['hedging', 90],
    ['context seeking', 187],
  ]);
  toggleName('themes', 'context_seeking', offered);
  toggleName('themes', 'hedging', offered);
  expect(filterNow().themes).toEqual(['hedging', 'context_seeking']);
  toggleName('themes', 'hedging', offered);
  toggleName('themes', 'context_seeking', offered);
  expect(filterNow()).toEqual(NO_FILTER);
});

it('offers what is chosen though the file has it not, and whole tags for names with a colon', () => {
  const report = { themes: [{ theme: 'a:b', rows: 3 }], axes: [] };
  const filter = filterSchema.parse({ themes: ['theme:a:b', 'gone'] });
  expect(offers(report, 'themes', filter)).toEqual([
    { value: 'theme:a:b', name: 'a:b', count: 3 },
    { value: 'gone', name: 'gone', count: 0 },
  ]);
  const many = Array.from({ length: 60 }, (_, i) => ({ theme: `t${i}`, rows: 1 }));
  expect(offers({ themes: many, axes: [] }, 'themes', filterSchema.parse({ themes: ['t55'] }))).toHaveLength(41);
});

it('says what the filter does in words', () => {
  const filter = filterSchema.parse({
    themes: ['hedging', 'gone'],
    axes: ['accuracy'],
    minPoints: 5,
    maxCharacters: 4000,
  });
  expect(filterFacts(fakeFiltered(filter))).toBe(
    '1 of 3 themes · 1 of 2 axes · at least 5 points · at most 4,000 characters · 307 prompts filtered out',
  );
  expect(filterFacts(fakeFiltered(NO_FILTER))).toBeNull();
});

it('is a part of the recipe: its differences in words, and its link', () => {
  const config = presetConfig('demo');
  changeFilter({ themes: ['hedging', 'context_seeking'], minPoints: 5, maxCharacters: 4000 });
  const filtered = recipeStore.getState().config;
  expect(diffLine(recipeDiff(config, filtered))).toBe(
    'themes all → hedging, context seeking; min points of a criterion 0 → 5; max length of a conversation none → 4,000 characters',
  );
  expect(decodeRecipe(encodeRecipe('demo', filtered))).toEqual({ ok: true, preset: 'demo', config: filtered });
});

it('refuses a link whose filter is out of bounds', () => {
  const config = presetConfig('demo');
  const why = (themes: string[]) => {
    const found = decodeRecipe(encodeRecipe('demo', { ...config, filter: { ...config.filter, themes } }));
    return found.ok ? null : found.why;
  };
  expect(why(['x'.repeat(201)])).toMatch(/^filter\.themes\.0 is out of range/);
  expect(why(Array.from({ length: 101 }, (_, i) => `t${i}`))).toMatch(/^filter\.themes is out of range/);
});

it('takes a new report only over the data that is shown, and blocks the start when nothing passes', () => {
  const nothing = fakeFiltered(filterSchema.parse({ themes: ['gone'] }));
  reportData(nothing);
  expect(setupStore.getState().data.state).toBe('opening');
  setupStore.setState({ data: ready(fakeFiltered(NO_FILTER)) });
  const wrong = () => recipeChecks(recipeStore.getState().config, setupStore.getState()).wrong;
  expect(wrong()).toEqual([]);
  reportData(nothing);
  expect(wrong()).toEqual(['No prompt passes the filter: theme gone']);
});
