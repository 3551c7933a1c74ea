import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { recipeSchema } from '../../../domain/recipe/recipe';
import { UsageError } from '../usage';
import { recipeAt } from './recipeAt';
import { storeOf } from './runFolder';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'recipe-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const file = (text: string) => {
  const path = join(folder, 'run.json');
  writeFileSync(path, text);
  return path;
};
const template = '<<conversation>> <<rubric_item>>';

it('applies the options over the file, and the template to its grader', async () => {
  const path = file('{"steps": 5, "groupSize": 3, "grader": {"mode": "verdict"}}');
  const recipe = await recipeAt(path, { steps: 7, seed: undefined, template });
  expect(recipe).toMatchObject({ steps: 7, groupSize: 3, grader: { mode: 'verdict', template } });
  expect((await recipeAt(undefined, { seed: 9, template })).grader.template).toBe(template);
});

it.each([
  ['null', undefined, /run\.json contains null: a recipe is a JSON object/],
  ['null', template, /run\.json contains null/],
  ['[1]', template, /run\.json contains a list/],
  ['"steps"', template, /run\.json contains a string/],
  ['{"grader": "self"}', template, /run\.json: grader: /],
  ['{"grader": null}', template, /run\.json: grader: /],
  ['{"steps": -1}', undefined, /run\.json: steps: /],
  ['{', template, /run\.json is not JSON/],
  ['{"stepz": 5}', undefined, /run\.json: stepz is not a recipe setting/],
  ['{"grader": {"tempature": 1}}', template, /run\.json: grader\.tempature is not a recipe setting/],
  ['{"trainable": {"kind": "full", "rank": 4}}', undefined, /run\.json: trainable\.rank is not a recipe setting/],
])('%s with template %s is refused in one line', async (text, given, message) => {
  const refused = recipeAt(file(text), { template: given });
  await expect(refused).rejects.toThrow(UsageError);
  await expect(refused).rejects.toThrow(message);
});

it('reads a file that begins with a byte order mark, and a whole recipe as the lab writes it', async () => {
  expect((await recipeAt(file('\ufeff{"steps": 5}'), {})).steps).toBe(5);
  const whole = recipeSchema.parse({
    thinking: true,
    grader: { template, thinking: false },
    trainable: { kind: 'full' },
  });
  expect(await recipeAt(file(JSON.stringify(whole)), {})).toEqual(whole);
});

it.each(['.run', 'a/.hidden', 'my run'])('--out %s is refused by name', (out) => {
  expect(() => storeOf(out)).toThrow(UsageError);
  expect(() => storeOf(out)).toThrow(/a folder name may have letters/);
});
