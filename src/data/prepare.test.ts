import { expect, it } from 'vitest';
import { filterSchema } from '../domain/filter';
import { hardRows, type PrepareOptions, planPrepare, preparedLines } from './prepare';
import { parseRow } from './row';

const line = (id: string, change: object = {}) =>
  `${JSON.stringify({
    example_tags: ['theme:hedging'],
    ideal_completions_data: null,
    prompt: [{ role: 'user', content: `question ${id}` }],
    prompt_id: id,
    rubrics: [
      { criterion: 'good', points: 5, tags: ['level:example', 'axis:accuracy'] },
      { criterion: 'nice', points: 2, tags: ['level:example', 'axis:completeness'] },
      { criterion: 'bad', points: -3, tags: ['level:example', 'axis:accuracy'] },
    ],
    canary: 'healthbench:x',
    ...change,
  })}\n`;

async function* chunks(text: string) {
  for (let at = 0; at < text.length; at += 97) yield text.slice(at, at + 97);
}
const none: PrepareOptions = { filter: filterSchema.parse({}), heldOutShare: 0, seed: 1 };

async function prepared(full: string, hard: string | null, options = none) {
  const ids = hard === null ? null : await hardRows('hard.jsonl', chunks(hard));
  const plan = await planPrepare('full.jsonl', chunks(full), ids, options);
  const sides: Record<string, Record<string, unknown>[]> = { easy: [], easyHeldOut: [], hard: [] };
  for await (const { side, line: text } of preparedLines(chunks(full), plan, options))
    sides[side]!.push(JSON.parse(text));
  return { plan, sides };
}
const ids = (rows: readonly Record<string, unknown>[] = []) => rows.map(({ prompt_id }) => prompt_id);

it('writes what is not hard to easy, and the rubric under metadata, nothing else changed', async () => {
  const full = ['a', 'b', 'c', 'd'].map((id) => line(id, { note: 'kept' })).join('');
  const { sides, plan } = await prepared(full, line('b') + line('d') + line('elsewhere'));
  expect(ids(sides.easy)).toEqual(['a', 'c']);
  expect(ids(sides.hard)).toEqual(['b', 'd']);
  expect(plan).toMatchObject({ kind: 'full', missingHard: 1, problems: [], themes: [{ theme: 'hedging', rows: 4 }] });
  const [row] = sides.easy!;
  expect(Object.keys(row!).sort()).toEqual(
    [
      'canary',
      'example_tags',
      'ideal_completions_data',
      'is_hard',
      'metadata',
      'note',
      'prompt',
      'prompt_id',
      'total_points',
    ].sort(),
  );
  expect(row).toMatchObject({
    is_hard: false,
    total_points: 7,
    metadata: { rubrics: [{ points: 5 }, { points: 2 }, { points: -3 }] },
  });
  // What is written reads as it was.
  expect(parseRow(JSON.stringify(sides.hard![0]))).toMatchObject({
    kind: 'example',
    hard: true,
    example: { promptId: 'b' },
  });
});

it('refuses a row whose conversation is tested on, bad rows and duplicates, by line', async () => {
  const same = { prompt: [{ role: 'user', content: 'question h' }] };
  const { plan, sides } = await prepared(`${line('a')}${line('copy', same)}oops\n${line('a')}${line('h')}`, line('h'));
  expect(ids(sides.easy)).toEqual(['a']);
  expect(plan.problems.map(({ line: number, reason }) => `${number} ${reason}`)).toEqual([
    expect.stringMatching(/^2 a hard example has the same conversation/),
    expect.stringMatching(/^3 bad JSON/),
    expect.stringMatching(/^4 duplicate prompt_id a, first seen in line 1/),
  ]);
});

it('sets a share aside by seed, whatever the order', async () => {
  const names = Array.from({ length: 10 }, (_, i) => `id-${i}`);
  const options = { ...none, heldOutShare: 0.3 };
  const { sides } = await prepared(names.map((id) => line(id)).join(''), null, options);
  const reversed = await prepared(
    [...names]
      .reverse()
      .map((id) => line(id))
      .join(''),
    null,
    options,
  );
  expect(sides.easy).toHaveLength(7);
  expect(sides.easyHeldOut).toHaveLength(3);
  expect(new Set(ids(reversed.sides.easyHeldOut))).toEqual(new Set(ids(sides.easyHeldOut)));
});

it('filters by theme, axis and points, and says what it left out', async () => {
  const full =
    line('a') +
    line('b', { example_tags: ['theme:communication'] }) +
    line('c', { prompt: [{ role: 'user', content: 'x'.repeat(90) }] });
  const filter = filterSchema.parse({ themes: ['hedging'], axes: ['accuracy'], minPoints: 4, maxCharacters: 50 });
  const { sides, plan } = await prepared(full, null, { ...none, filter });
  expect(sides.easy).toMatchObject([
    { prompt_id: 'a', total_points: 5, metadata: { rubrics: [{ criterion: 'good' }] } },
  ]);
  expect([...plan.filtered]).toEqual([
    ['another theme', 1],
    ['longer than 50 characters', 1],
  ]);
});

it.each([
  ['consensus', line('a', { rubrics: [{ criterion: 'c', points: 5, tags: ['level:cluster', 'axis:accuracy'] }] })],
  ['rubric', line('a', { canary: undefined, rubrics: [{ criterion: 'c', points: 5 }] })],
  ['metaEval', line('a', { completion: 'x', rubric: 'r', binary_labels: [true] })],
])('knows a %s file by its rows', async (kind, text) => {
  expect((await planPrepare('x.jsonl', chunks(text), null, none)).kind).toBe(kind);
});
