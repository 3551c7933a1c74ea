import { expect, it } from 'vitest';
import type { Example } from './example';
import { applyFilter, type Filter, filterSchema, isFiltering, LONGEST_NAME, MOST_NAMES, NO_FILTER } from './filter';

const example: Example = {
  promptId: 'a',
  prompt: [
    { role: 'system', content: '12345' },
    { role: 'user', content: '67890' },
  ],
  rubrics: [5, 2, -2].map((points) => ({ criterion: `${points}`, points, tags: ['axis:accuracy'] })),
  exampleTags: ['theme:hedging'],
  idealCompletion: null,
};
const filtered = (change: Partial<Filter>) => {
  const result = applyFilter(example, { ...NO_FILTER, ...change });
  return 'reason' in result ? result.reason : result.example.rubrics.map(({ points }) => points);
};

// Every bound takes the value itself.
it.each<[string, Partial<Filter>, number[] | string]>([
  ['points at the bound, for and against', { minPoints: 2 }, [5, 2, -2]],
  ['points just above', { minPoints: 2.1 }, [5]],
  ['as many criteria as are asked for', { minCriteria: 3 }, [5, 2, -2]],
  ['one criterion short', { minCriteria: 4 }, 'fewer than 4 criteria remain'],
  ['a conversation of just that length', { maxCharacters: 10 }, [5, 2, -2]],
  ['one character too long', { maxCharacters: 9 }, 'longer than 9 characters'],
  ['no positive points', { minPoints: 5.1 }, 'fewer than 1 criteria remain'],
  ['another theme', { themes: ['emergency'] }, 'another theme'],
  ['its theme by the whole tag', { themes: ['theme:hedging'] }, [5, 2, -2]],
  ['its theme among others', { themes: ['emergency', 'hedging'] }, [5, 2, -2]],
])('%s', (_, filter, expected) => {
  expect(filtered(filter)).toEqual(expected);
});

it('leaves out an example that only harms are left of', () => {
  const harms = { ...example, rubrics: example.rubrics.map((own) => ({ ...own, points: -own.points * 2 })) };
  expect(applyFilter({ ...harms, rubrics: harms.rubrics.slice(0, 2) }, NO_FILTER)).toEqual({
    reason: 'no criterion with positive points remains',
  });
});

it.each<[Partial<Filter>, boolean]>([
  [{}, false],
  [{ minPoints: 0.1 }, true],
  [{ minCriteria: 1 }, false],
  [{ minCriteria: 2 }, true],
  [{ maxCharacters: 1 }, true],
  [{ axes: ['accuracy'] }, true],
])('%j filters: %s', (change, filters) => {
  expect(isFiltering({ ...NO_FILTER, ...change })).toBe(filters);
});

it.each([
  [{ themes: ['x'.repeat(LONGEST_NAME)] }, true],
  [{ themes: ['x'.repeat(LONGEST_NAME + 1)] }, false],
  [{ axes: Array.from({ length: MOST_NAMES }, (_, i) => `${i}`) }, true],
  [{ axes: Array.from({ length: MOST_NAMES + 1 }, (_, i) => `${i}`) }, false],
  [{ axes: [''] }, false],
  [{ minPoints: 0, minCriteria: 1, maxCharacters: 1 }, true],
  [{ minPoints: -0.1 }, false],
  [{ minCriteria: 0 }, false],
  [{ maxCharacters: 0 }, false],
])('bounds of a filter that is read: case %#', (value, accepted) => {
  expect(filterSchema.safeParse(value).success).toBe(accepted);
});
