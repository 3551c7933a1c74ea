import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { RECIPE_SETTINGS, valueAt } from './fields';
import { boundsText, recipeDocs, recipeHelp } from './recipeText';

it('docs/recipe.md is up to date: npm run docs', () => {
  expect(readFileSync('docs/recipe.md', 'utf8')).toBe(recipeDocs());
});

it('help has every setting once, with its bounds, default and first sentence', () => {
  const help = recipeHelp();
  for (const { path } of RECIPE_SETTINGS) expect(help.split(`\n  ${path}  [`), path).toHaveLength(2);
  expect(help).toContain(
    '  loss.clipLow  [at least 0, below 1; default 0.2]\n      Clip range, lower: Largest relative drop',
  );
  expect(help).toMatch(/ {2}grader\.template .*\n.*<<fence>>/);
  expect(help).toContain('  loss.clipCap  [above 1, or null, on the page at most 100; default null]');
  expect(help).toContain('  trainable.kind  [lora (LoRA adapter); full (All weights); default lora]');
  expect(Math.max(...help.split('\n').map(({ length }) => length))).toBeLessThan(260);
});

it('bounds are those of the schema', () => {
  const bounds = { min: 0, max: 1, minOpen: false, maxOpen: false, whole: false };
  expect(boundsText(bounds)).toBe('0 to 1');
  expect(boundsText({ ...bounds, minOpen: true })).toBe('above 0, at most 1');
  expect(boundsText({ ...bounds, max: null })).toBe('at least 0');
});

it.each(RECIPE_SETTINGS)('$path is declared in full', ({ path, title, help, type, labels = {}, shown, ...setting }) => {
  expect(title).toMatch(/^[A-Z].*[^.]$/);
  expect(help).toMatch(/^[A-Z].*\.$/s);
  if (type.kind === 'choice') expect(Object.keys(labels)).toEqual(type.values);
  if (type.kind === 'boolean') expect(Object.keys(labels).sort()).toEqual(['absent', 'false', 'true']);
  if (type.kind === 'number' && setting.onPage !== false) {
    expect(setting.most === undefined, 'most stands in for a bound of the schema').toBe(type.bounds.max !== null);
    if (!type.bounds.whole) expect(setting.step).toBeGreaterThan(0);
  }
  const paths = RECIPE_SETTINGS.map((other) => other.path);
  if (shown) expect(paths).toContain(shown.path);
  expect(valueAt({ a: { b: 1 } }, 'a.b.c')).toBe(undefined);
  expect(path).not.toBe('');
});
