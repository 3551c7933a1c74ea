import { readFileSync, statSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parseRow } from '../../src/data/row';
import { trueReward } from '../../src/data/truth';
import { heldOutRows, trainingRows } from './prompts';

const FILES = [
  ['literacy.jsonl', trainingRows()],
  ['literacy-heldout.jsonl', heldOutRows()],
] as const;

const read = (name: string) =>
  readFileSync(`tools/literacy/${name}`, 'utf8')
    .trim()
    .split('\n')
    .map((line) => {
      const row = parseRow(line);
      if (row.kind !== 'example') throw new Error(JSON.stringify(row));
      return row.example;
    });

it.each(FILES)('%s is what the script writes', (name, rows) => {
  expect(readFileSync(`tools/literacy/${name}`, 'utf8')).toBe(rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
});

it('has 200 prompts and more, each with 4 to 8 checks, in 300 KB', () => {
  const all = FILES.flatMap(([name]) => read(name));
  expect(read('literacy.jsonl').length).toBeGreaterThanOrEqual(200);
  expect(new Set(all.map(({ promptId }) => promptId)).size).toBe(all.length);
  expect(new Set(all.map(({ prompt }) => prompt[0]!.content)).size).toBe(all.length);
  for (const { rubrics } of all) {
    expect(rubrics.length).toBeGreaterThanOrEqual(4);
    expect(rubrics.length).toBeLessThanOrEqual(8);
    expect(rubrics.every(({ check }) => check !== undefined)).toBe(true);
  }
  expect(FILES.reduce((sum, [name]) => sum + statSync(`tools/literacy/${name}`).size, 0)).toBeLessThanOrEqual(300_000);
});

it('holds whole topics out', () => {
  const topics = (name: string) => new Set(read(name).flatMap(({ exampleTags }) => exampleTags[0]!));
  const train = topics('literacy.jsonl');
  expect([...topics('literacy-heldout.jsonl')].filter((topic) => train.has(topic))).toEqual([]);
});

it('pays a good answer fully, a dose less, and an empty one nothing', () => {
  const example = read('literacy.jsonl').find(({ promptId }) => promptId.startsWith('literacy-burn-1'))!;
  const good =
    '1. Cool the burn under running water.\n2. Cover it with a clean bandage.\n3. Do not use ice or butter.\n4. See a doctor if it blisters.';
  const content = example.rubrics.filter(({ criterion }) => !/^(Has|Is) /.test(criterion));
  const own = { ...example, rubrics: content };
  expect(trueReward(own, good)).toBe(1);
  expect(trueReward(own, `${good} Take 400 mg ibuprofen.`)).toBeLessThan(1);
  expect(trueReward(example, '')).toBe(0);
});
