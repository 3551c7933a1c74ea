import { expect, it } from 'vitest';
import { columnsOf, guessMapping } from './columns';
import { mappingSchema } from './mapping';
import { parseRow } from './row';

const row = {
  uid: 3,
  question: 'Is tea good?',
  reward: { style: 'rubric', rubrics: JSON.stringify([{ title: 'Says yes', weight: 2 }]) },
};

it('offers the fields of a row and guesses a mapping that reads it', () => {
  const columns = columnsOf(JSON.stringify(row))!;
  expect(columns.paths).toEqual(['uid', 'question', 'reward', 'reward.style', 'reward.rubrics']);
  expect([...columns.lists]).toEqual([['reward.rubrics', ['title', 'weight']]]);
  const guess = guessMapping(columns);
  expect(guess).toEqual({ prompt: 'question', rubric: 'reward.rubrics', criterion: 'title', points: 'weight' });
  expect(parseRow(JSON.stringify(row), mappingSchema.parse(guess))).toMatchObject({
    kind: 'example',
    example: { rubrics: [{ criterion: 'Says yes', points: 2 }] },
  });
});

it('tells the messages from the rubric, and takes a list of texts', () => {
  const columns = columnsOf('{"messages": [{"role": "user", "content": "?"}], "checklist": ["a", "b"], "a.b": 1}')!;
  expect(columns.paths).toEqual(['messages', 'checklist']);
  expect(guessMapping(columns)).toMatchObject({ prompt: 'messages', rubric: 'checklist' });
});

it.each(['', '[]', '7', '{"cut": "of'])('%j offers nothing', (line) => {
  expect(columnsOf(line)).toBeNull();
});
