import { expect, it } from 'vitest';
import { NO_FILTER } from '../domain/filter';
import { dataReport } from './dataReportOf';
import type { ParsedFile } from './parse';
import { heldOutIds, splitExamples } from './split';

const located = (id: string, file: string, hard: boolean | null = null) => ({
  example: {
    promptId: id,
    prompt: [{ role: 'user' as const, content: `question ${id}` }],
    rubrics: [
      { criterion: 'good', points: 4, tags: [] },
      { criterion: 'bad', points: -2, tags: [] },
    ],
    exampleTags: ['theme:hedging'],
    idealCompletion: null,
  },
  file,
  line: 1,
  hard,
});
const file = (name: string, ids: string[], kind: ParsedFile['kind'] = 'full'): ParsedFile => ({
  name,
  kind,
  rows: ids.length,
  examples: ids.map((id) => located(id, name)),
  withoutRubric: [],
  reading: new Map(),
  metaEval: [],
  graded: [],
  problems: [],
});
const ids = (list: readonly { example: { promptId: string } }[]) => list.map(({ example }) => example.promptId);
const ten = Array.from({ length: 10 }, (_, i) => `id-${i}`);
const options = { seed: 1, heldOutShare: 0.3 };

it('trains on what is not hard and holds the hard out, whichever file comes first', () => {
  const [full, hard] = [file('full.jsonl', ten), file('hard.jsonl', ten.slice(6), 'hard')];
  for (const files of [
    [full, hard],
    [hard, full],
  ]) {
    const split = splitExamples(files, options);
    expect(ids(split.train)).toEqual(ten.slice(0, 6));
    expect(ids(split.heldOut)).toEqual(ten.slice(6));
  }
});

it('holds a seeded share out, whatever the order of the file', () => {
  const split = splitExamples([file('a', ten)], options);
  const reversed = splitExamples([file('a', [...ten].reverse())], options);
  expect(split.heldOut).toHaveLength(3);
  expect(new Set(ids(reversed.heldOut))).toEqual(new Set(ids(split.heldOut)));
  expect(new Set(ids(splitExamples([file('a', ten)], { ...options, seed: 2 }).heldOut))).not.toEqual(
    new Set(ids(split.heldOut)),
  );
});

it('follows the mark of preprocessed rows', () => {
  const marked = { ...file('a', []), examples: [located('x', 'a', true), located('y', 'a', false)] };
  const split = splitExamples([marked], options);
  expect([ids(split.train), ids(split.heldOut)]).toEqual([['y'], ['x']]);

  const partly = { ...marked, examples: [located('x', 'a', true), located('y', 'a', null)] };
  expect(ids(splitExamples([partly], options).train)).toEqual(['y']);
});

it('filters the examples on both sides', () => {
  const examples = [true, true, false, false].map((hard, i) => {
    const own = located(`id-${i}`, 'a', hard);
    return { ...own, example: { ...own.example, exampleTags: [i % 2 ? 'theme:hedging' : 'theme:other'] } };
  });
  const filter = { ...NO_FILTER, themes: ['hedging'] };
  const split = splitExamples([{ ...file('a', []), examples }], { ...options, filter });
  expect([ids(split.train), ids(split.heldOut)]).toEqual([['id-3'], ['id-1']]);
  expect(split.filteredOut).toEqual(new Set(['id-0', 'id-2']));
});

it('takes two files without common examples when a name says which is held out', () => {
  const split = splitExamples([file('train.jsonl', ['a']), file('heldout.jsonl', ['b'])], options);
  expect([ids(split.train), ids(split.heldOut)]).toEqual([['a'], ['b']]);
  expect(() => splitExamples([file('one.jsonl', ['a']), file('two.jsonl', ['b'])], options)).toThrow(/hold out/);
});

it('refuses files that overlap without containing each other, and the same conversation on both sides', () => {
  expect(() => splitExamples([file('a', ['1', '2', '3']), file('b', ['2', '4'])], options)).toThrow(/share 1 examples/);
  expect(() => splitExamples([file('a', ten), file('b', ten)], options)).toThrow(/share 10 examples/);
  const same = file('hard.jsonl', ['new'], 'hard');
  const twin = {
    ...same,
    examples: [{ ...same.examples[0]!, example: { ...located('1', 'x').example, promptId: 'new' } }],
  };
  expect(() => splitExamples([file('a', ['1', '2']), twin], options)).toThrow(/also in the training data/);
});

it('does not train on a conversation that is held out under another id', () => {
  const twin = (id: string, of: string) => ({
    ...located(id, 'full.jsonl'),
    example: { ...located(of, '').example, promptId: id },
  });
  const full = file('full.jsonl', ten);
  const nested = { ...full, examples: [...full.examples, twin('new', 'id-7')] };
  const split = splitExamples([nested, file('hard.jsonl', ten.slice(6), 'hard')], options);
  expect(ids(split.train)).toEqual(ten.slice(0, 6));
  expect(split.how).toMatch(/; 1 skipped because their conversation is held out/);

  const pairs = { ...full, examples: [...full.examples, ...ten.map((id) => twin(`twin of ${id}`, id))] };
  const { train, heldOut } = splitExamples([pairs], options);
  const conversations = new Set(heldOut.map(({ example }) => example.prompt[0]!.content));
  expect(heldOut).toHaveLength(6);
  expect(train.length).toBeGreaterThan(0);
  expect(train.some(({ example }) => conversations.has(example.prompt[0]!.content))).toBe(false);
});

it('always leaves something to train on, and refuses emptiness', () => {
  expect(splitExamples([file('a', ['only'])], { seed: 1, heldOutShare: 0.9 }).train).toHaveLength(1);
  expect(() => splitExamples([file('a', [])], options)).toThrow(/no usable example/);
  expect(() => splitExamples([file('a', ten), file('b', ten), file('c', ten)], options)).toThrow(/two/);
});

it('reports counts, themes and a preview', () => {
  const files = [file('full.jsonl', ten)];
  const report = dataReport(files, splitExamples(files, options));
  expect(report).toMatchObject({
    kind: 'full',
    rows: 10,
    good: 10,
    criteria: 20,
    negativeCriteria: 10,
    themes: [{ theme: 'hedging', rows: 10 }],
    split: { train: 7, heldOut: 3 },
  });
  expect(report.preview).toHaveLength(5);
});

// Rounded to the nearest prompt, half up; one prompt is always left to train on.
it.each([
  [0, 10, 0],
  [0.04, 10, 0],
  [0.05, 10, 1],
  [0.14, 10, 1],
  [0.15, 10, 2],
  [0.5, 2, 1],
  [0.95, 10, 9],
  [1, 10, 9],
  [1, 1, 0],
  [0.5, 0, 0],
])('a share of %f of %i prompts is %i', (share, n, expected) => {
  expect(heldOutIds(ten.slice(0, n), 1, share).size).toBe(expected);
});
