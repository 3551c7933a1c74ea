import { expect, it } from 'vitest';
import { nothingPasses } from '../../data/filterWords';
import { conversationKey, notTrainedOn } from '../../data/split';
import { filterSchema } from '../../domain/filter';
import { bytesSource } from '../../formats/source';
import { openData, reportData, splitKey } from './openData';

type Row = { id: string; theme: string; content?: string; hard?: boolean; bare?: boolean };
const row = ({ id, theme, content = `question ${id}`, hard, bare }: Row) =>
  JSON.stringify({
    prompt_id: id,
    prompt: [{ role: 'user', content }],
    example_tags: [`theme:${theme}`],
    ...(hard !== undefined && { is_hard: hard }),
    rubrics: bare
      ? []
      : [
          { criterion: 'is right', points: 6, tags: ['axis:accuracy'] },
          { criterion: 'is kind', points: 2, tags: ['axis:communication_quality'] },
          { criterion: 'is rude', points: -3, tags: ['axis:communication_quality'] },
        ],
  });
const open = (files: Record<string, Row[]>) =>
  openData(
    Object.entries(files).map(([name, rows]) => bytesSource(name, new TextEncoder().encode(rows.map(row).join('\n')))),
    { builtIn: false },
  );
const twenty: Row[] = Array.from({ length: 20 }, (_, i) => ({ id: `p${i}`, theme: i < 12 ? 'hedging' : 'context' }));
const options = { seed: 1, heldOutShare: 0.25 };
const filter = filterSchema.parse({ themes: ['context'], axes: ['communication_quality'], minPoints: 2.5 });
const ids = (list: readonly { example: { promptId: string } }[]) => list.map(({ example }) => example.promptId).sort();
const context = twenty.slice(12).map(({ id }) => id);

it('filters both sides before the share is drawn, and counts what the file has without the filter', async () => {
  const data = await open({ 'rows.jsonl': twenty });
  const byTheme = { ...options, filter: filterSchema.parse({ themes: ['context'] }) };
  const { split, report } = reportData(data, byTheme);
  expect([split.train.length, split.heldOut.length]).toEqual([6, 2]);
  expect([...ids(split.train), ...ids(split.heldOut)].sort()).toEqual([...context].sort());
  expect(report).toMatchObject({
    rows: 20,
    good: 8,
    filteredOut: 12,
    criteria: 24,
    problems: [],
    themes: [
      { theme: 'hedging', rows: 12 },
      { theme: 'context', rows: 8 },
    ],
    axes: [
      { axis: 'communication_quality', criteria: 40 },
      { axis: 'accuracy', criteria: 20 },
    ],
  });
  expect(ids(reportData(data, byTheme).split.heldOut)).toEqual(ids(split.heldOut));
  const byAxis = reportData(data, { ...options, filter: filterSchema.parse({ axes: ['accuracy'] }) });
  expect(byAxis.report).toMatchObject({ good: 20, filteredOut: 0, criteria: 20, negativeCriteria: 0 });
  expect(byAxis.split.train[0]!.example.rubrics.map(({ criterion }) => criterion)).toEqual(['is right']);
});

it('says in words that nothing passes, or nothing to train on', async () => {
  const data = await open({ 'rows.jsonl': twenty });
  const none = reportData(data, { ...options, filter });
  expect(none.report).toMatchObject({ good: 0, filteredOut: 20, split: { train: 0, heldOut: 0 } });
  expect(nothingPasses(none.report)).toBe(
    'No prompt passes the filter: theme context; axis communication quality; at least 2.5 points',
  );
  expect(nothingPasses(reportData(data, options).report)).toBeNull();
  const marked = await open({ 'rows.jsonl': twenty.map((each) => ({ ...each, hard: each.theme === 'context' })) });
  const hardOnly = reportData(marked, { ...options, filter: filterSchema.parse({ themes: ['context'] }) });
  expect(nothingPasses(hardOnly.report)).toBe('No prompt to train on passes the filter: theme context');
});

it('never trains on the hard, whatever the filter leaves of either file', async () => {
  const full = twenty.map((each) => (each.theme === 'context' ? each : { ...each, content: 'x'.repeat(60) }));
  const files = { 'full.jsonl': full, 'hard.jsonl': full.slice(12) };
  const data = await open(files);
  const long = reportData(data, { ...options, filter: filterSchema.parse({ maxCharacters: 50 }) });
  expect([ids(long.split.train), ids(long.split.heldOut)]).toEqual([[], [...context].sort()]);
  expect(long.report.filteredOut).toBe(12);
  const easy = reportData(data, { ...options, filter: filterSchema.parse({ themes: ['hedging'] }) });
  expect([easy.split.train.length, easy.split.heldOut.length, easy.report.filteredOut]).toEqual([12, 0, 8]);
  // Their verdicts are not learned from either.
  expect([...notTrainedOn(easy.split)].sort()).toEqual([...context].sort());
  const bare = await open({
    'train.jsonl': twenty.slice(0, 12),
    'heldout.jsonl': [...twenty.slice(12), { id: 'b', theme: 'context', bare: true }],
  });
  const written = {
    ...options,
    rubrics: { write: 'missing' } as const,
    filter: filterSchema.parse({ themes: ['context'] }),
  };
  expect(reportData(bare, written).split.train).toEqual([]);
});

it('filters prompts whose rubric is to be written by theme and length', async () => {
  const data = await open({
    'rows.jsonl': [...twenty, { id: 'b', theme: 'context', bare: true }, { id: 'c', theme: 'hedging', bare: true }],
  });
  const only = {
    ...options,
    rubrics: { write: 'missing' } as const,
    filter: filterSchema.parse({ themes: ['context'] }),
  };
  const { split, report } = reportData(data, only);
  expect(ids(split.train)).toContain('b');
  expect(ids(split.train)).not.toContain('c');
  expect(report).toMatchObject({ good: 9, filteredOut: 13 });
  const keys = new Set(split.heldOut.map(({ example }) => conversationKey(example.prompt)));
  expect(split.train.some(({ example }) => keys.has(conversationKey(example.prompt)))).toBe(false);
});

it('tells recipes apart that split or filter in another way', () => {
  const key = splitKey(options);
  expect(splitKey({ ...options, rubrics: { write: 'never' }, filter: filterSchema.parse({}) })).toBe(key);
  for (const change of [{ seed: 2 }, { heldOutShare: 0.1 }, { filter }, { rubrics: { write: 'all' } as const }])
    expect(splitKey({ ...options, ...change })).not.toBe(key);
});
