import { afterEach, expect, it, vi } from 'vitest';
import { PRESETS } from '../../../domain/recipe/presets';
import { recipeSchema } from '../../../domain/recipe/recipe';
import { recipe } from './recipe';

let printed = '';
const write = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
  printed += String(text);
  return true;
});
afterEach(() => {
  printed = '';
  write.mockClear();
});

it('lists the settings', async () => {
  expect(await recipe.run([])).toBe(0);
  expect(printed).toContain('  optimizer.learningRate  [above 0, at most 1; default 1e-5]\n      Learning rate: ');
});

it('prints a preset that train --config reads', async () => {
  expect(await recipe.run(['--preset', 'demo'])).toBe(0);
  expect(JSON.parse(printed)).toEqual(recipeSchema.parse(PRESETS.find(({ id }) => id === 'demo')!.config));
});

it('refuses an unknown preset', async () => {
  await expect(recipe.run(['--preset', 'fast'])).rejects.toThrow(/--preset is "fast": give one of demo, /);
});
