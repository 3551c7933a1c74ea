import { expect, it } from 'vitest';
import { recipeSchema } from '../../domain/recipe/recipe';
import { textFile } from '../../formats/outputFile';
import { bytesSource } from '../../formats/source';
import { asSources, tinyConfig, tinyFolder } from '../../formats/test/testModel';
import { testExample } from '../../rl/test/testModel';
import { openData, reportData } from '../data/openData';
import { openModel } from '../models/openModel';
import { MemoryStore } from '../test/testLab';
import { checkGradingRoom, completeConfig, fittingExamples, graderTokens } from './prepareRun';
import { keepRunData, loadRunData } from './runData';

const TEMPLATE = 'Grade <<conversation>> by <<rubric_item>>';
const model = async (context = 256) =>
  openModel(
    await asSources([...tinyFolder(tinyConfig({ contextLength: context })), textFile('grader.txt', TEMPLATE)]),
    { builtIn: false },
  );
const located = (id: string, content: string) => ({
  example: { ...testExample(id), prompt: [{ role: 'user' as const, content }] },
  file: 'rows.jsonl',
  line: Number(id),
  hard: null,
});

it('fills in the grader prompt that a model brings, unless another is given', async () => {
  const opened = await model();
  expect(completeConfig({}, opened).grader.template).toBe(TEMPLATE);
  const own = { grader: { template: '<<conversation>>: <<rubric_item>>?' } };
  expect(completeConfig(own, opened).grader.template).toBe(own.grader.template);
});

it('refuses unsound recipes with every reason', async () => {
  const opened = await model();
  const wrong = { groupSize: 1, sampling: { temperature: 0 } };
  expect(() => completeConfig(wrong, opened)).toThrow(/groupSize is 1.*temperature is 0/);
  expect(() => completeConfig({ grader: { template: 'x' } }, opened)).toThrow(/needs <<conversation>>/);
  expect(() => completeConfig({ steps: 'many' }, opened)).toThrow();
});

it('leaves out prompts that are too long, with line and lengths', async () => {
  const opened = await model();
  const rows = [located('1', 'short'), located('2', 'long '.repeat(40)), located('3', 'short too')];
  const run = recipeSchema.parse({ maxPromptTokens: 60, sampling: { maxNewTokens: 16 } });
  const { kept, tooLong } = await fittingExamples(rows, run, opened);
  expect(kept.map(({ line }) => line)).toEqual([1, 3]);
  expect(tooLong).toEqual([
    { file: 'rows.jsonl', line: 2, reason: expect.stringMatching(/has \d+ tokens, at most 60 fit/) },
  ]);
  await expect(fittingExamples([rows[1]!], run, opened)).rejects.toThrow(/Every prompt is longer/);
  const greedy = recipeSchema.parse({ sampling: { maxNewTokens: 256 } });
  await expect(fittingExamples(rows, greedy, opened)).rejects.toThrow(/no room for a prompt/);
});

it('counts the longest criterion into the memory of a grading', async () => {
  const opened = await model();
  const run = completeConfig({}, opened);
  const with30 = { ...testExample('a'), rubrics: [{ criterion: 'x '.repeat(30), points: 1, tags: [] }] };
  expect(graderTokens(run, opened, [with30]) - graderTokens(run, opened, [])).toBeGreaterThan(29);
});

it('refuses a grader prompt that fills the context by itself', async () => {
  const opened = await model();
  const verdict = completeConfig({ grader: { mode: 'verdict' } }, opened);
  expect(() => checkGradingRoom(verdict, opened, [testExample('a')])).not.toThrow();
  const forced = completeConfig({ grader: { mode: 'forced' } }, opened);
  expect(() => checkGradingRoom(forced, opened, [])).toThrow(/grading needs \d+ tokens .* takes 256/);
});

it('keeps the data of a run with it, in order, the held-out part apart', async () => {
  const store = new MemoryStore();
  const examples = ['c', 'a', 'b'].map((id) => testExample(id));
  const heldOut = [testExample('held')];
  await keepRunData(store, 'r', examples, heldOut);
  expect(await loadRunData(store, 'r')).toEqual({ train: examples, heldOut });
  await keepRunData(store, 'all', examples, []);
  expect(await loadRunData(store, 'all')).toEqual({ train: examples, heldOut: [] });
  await expect(loadRunData(store, 'other')).rejects.toThrow(/not kept/);
});

it('splits by the run’s seed, and takes rows out of the report that do not fit', async () => {
  const lines = [1, 2, 3, 4].map((id) => ({
    prompt_id: `p${id}`,
    prompt: [{ role: 'user', content: `q${id}` }],
    rubrics: [{ criterion: 'c', points: 1 }],
  }));
  const bytes = new TextEncoder().encode(lines.map((line) => JSON.stringify(line)).join('\n'));
  const data = await openData([bytesSource('rows.jsonl', bytes)], { builtIn: false });
  const { report, split } = reportData(data, { seed: 3, heldOutShare: 0.25 });
  expect([split.train.length, split.heldOut.length]).toEqual([3, 1]);
  expect(report).toMatchObject({ name: 'rows.jsonl', good: 4 });
  const { line, file } = split.train[0]!;
  const less = reportData(data, { seed: 3, heldOutShare: 0.25 }, [{ line, file, reason: 'too long' }]).report;
  expect(less).toMatchObject({ good: 3, split: { train: 2 }, problems: [{ line }] });
});
