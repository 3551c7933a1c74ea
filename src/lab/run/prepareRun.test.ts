import { describe, expect, it } from 'vitest';
import type { Example } from '../../domain/example';
import { recipeSchema } from '../../domain/recipe/recipe';
import { textFile } from '../../formats/outputFile';
import { bytesSource } from '../../formats/source';
import { asSources, tinyConfig, tinyFolder } from '../../formats/test/testModel';
import type { Notice } from '../../protocol/notices';
import { testExample } from '../../rl/test/testModel';
import { openData, reportData } from '../data/openData';
import { Engine } from '../engine';
import { memoryNeeds } from '../models/memoryNeeds';
import { openModel } from '../models/openModel';
import { openProbeThread } from '../test/probeHere';
import { MemoryStore, testRun } from '../test/testLab';
import { completeRecipe } from './completeRecipe';
import { checkGradingFits, fittingExamples } from './fittingExamples';
import { prepareRun, prepareSavedRun } from './prepareRun';
import type { RunContext } from './runContext';
import { keepRunData, loadRunData } from './runData';

const TEMPLATE = 'Grade <<conversation>> by <<rubric_item>>';
const model = async (context = 256) =>
  openModel(
    await asSources([...tinyFolder(tinyConfig({ contextLength: context })), textFile('grader.txt', TEMPLATE)]),
    { builtIn: false, openProbeThread },
  );
const located = (id: string, content: string) => ({
  example: { ...testExample(id), prompt: [{ role: 'user' as const, content }] },
  file: 'rows.jsonl',
  line: Number(id),
  hard: null,
});

it('fills in the grader prompt that a model brings, unless another is given', async () => {
  const opened = await model();
  expect(completeRecipe({}, opened).grader.template).toBe(TEMPLATE);
  const own = { grader: { template: '<<conversation>>: <<rubric_item>>?' } };
  expect(completeRecipe(own, opened).grader.template).toBe(own.grader.template);
});

it('refuses unsound recipes with every reason', async () => {
  const opened = await model();
  const wrong = { groupSize: 1, sampling: { temperature: 0 } };
  expect(() => completeRecipe(wrong, opened)).toThrow(/Answers per prompt is 1.*temperature is 0/);
  expect(() => completeRecipe({ grader: { template: 'x' } }, opened)).toThrow(/needs <<conversation>>/);
  expect(() => completeRecipe({ steps: 'many' }, opened)).toThrow();
});

it('leaves out prompts that are too long, with line and lengths', async () => {
  const opened = await model();
  const rows = [located('1', 'short'), located('2', 'long '.repeat(40)), located('3', 'short too')];
  const run = recipeSchema.parse({ maxPromptTokens: 60, sampling: { maxNewTokens: 16 } });
  const { fitting, tooLong } = await fittingExamples(rows, run, opened);
  expect(fitting.map(({ line }) => line)).toEqual([1, 3]);
  expect(tooLong).toEqual([
    { file: 'rows.jsonl', line: 2, reason: expect.stringMatching(/has \d+ tokens, at most 60 fit/) },
  ]);
  await expect(fittingExamples([rows[1]!], run, opened)).rejects.toThrow(/Every prompt is longer/);
  const greedy = recipeSchema.parse({ sampling: { maxNewTokens: 256 } });
  await expect(fittingExamples(rows, greedy, opened)).rejects.toThrow(/no room for a prompt/);
});

it('counts the longest criterion into the memory of a grading', async () => {
  const opened = await model();
  const run = completeRecipe({}, opened);
  const graderTokensOf = (examples: readonly Example[]) => memoryNeeds(run, opened, examples).graderTokens;
  const with30 = { ...testExample('a'), rubrics: [{ criterion: 'x '.repeat(30), points: 1, tags: [] }] };
  expect(graderTokensOf([with30]) - graderTokensOf([])).toBeGreaterThan(29);
});

it('refuses a grader prompt that fills the context by itself', async () => {
  const opened = await model();
  const verdict = completeRecipe({ grader: { mode: 'verdict' } }, opened);
  expect(() => checkGradingFits(memoryNeeds(verdict, opened, [testExample('a')]), opened)).not.toThrow();
  const forced = completeRecipe({ grader: { mode: 'forced' } }, opened);
  expect(() => checkGradingFits(memoryNeeds(forced, opened, []), opened)).toThrow(
    /grading prompt needs \d+ tokens .* context has 256/,
  );
});

it('keeps the data of a run with it, in order, the held-out part apart', async () => {
  const store = new MemoryStore();
  const examples = ['c', 'a', 'b'].map((id) => testExample(id));
  const heldOut = [testExample('held')];
  await keepRunData(store, 'r', examples, heldOut);
  expect(await loadRunData(store, 'r')).toEqual({ train: examples, heldOut });
  await keepRunData(store, 'all', examples, []);
  expect(await loadRunData(store, 'all')).toEqual({ train: examples, heldOut: [] });
  await expect(loadRunData(store, 'other')).rejects.toThrow(/not saved/);
});

it('splits by the run’s seed, and takes rows out of the report that do not fit', async () => {
  const lines = [1, 2, 3, 4].map((id) => ({
    prompt_id: `p${id}`,
    prompt: [{ role: 'user', content: `q${id}` }],
    rubrics: [{ criterion: 'c', points: 1 }],
  }));
  const bytes = new TextEncoder().encode(lines.map((line) => JSON.stringify(line)).join('\n'));
  const data = await openData([bytesSource('rows.jsonl', bytes)], { builtIn: false });
  const { report, split, reportWithout } = reportData(data, { seed: 3, heldOutShare: 0.25 });
  expect([split.train.length, split.heldOut.length]).toEqual([3, 1]);
  expect(report).toMatchObject({ name: 'rows.jsonl', good: 4 });
  const { line, file } = split.train[0]!;
  const less = reportWithout([{ line, file, reason: 'too long' }]);
  expect(less).toMatchObject({ good: 3, split: { train: 2 }, problems: [{ line }] });
});

describe('preparing a run', () => {
  /** A context whose device, lock and store must not be touched. */
  function untouched(teacherAccess: RunContext['teacherAccess'] = null) {
    const store = new MemoryStore();
    const never = () => {
      throw new Error('touched while preparing');
    };
    store.createRun = store.updateRun = store.saveFile = store.rewind = store.saveCheckpoint = never;
    const notices: Notice[] = [];
    const onnx = { gpu: false, open: never };
    const platform = { lock: never, openProbeThread: never, onnx, now: () => 0, date: () => new Date(0) };
    const engine = new Engine(never);
    const context: RunContext = {
      platform,
      engine,
      store,
      teacherAccess,
      notify: (notice) => void notices.push(notice),
    };
    return { context, notices, store };
  }
  const row = (id: number, content = `q${id}`) => ({
    prompt_id: `p${id}`,
    prompt: [{ role: 'user', content }],
    rubrics: [{ criterion: 'c', points: 1 }],
  });
  const open = (rows: readonly object[]) =>
    openData(
      [bytesSource('rows.jsonl', new TextEncoder().encode(rows.map((line) => JSON.stringify(line)).join('\n')))],
      {
        builtIn: false,
      },
    );
  const recipe = { maxPromptTokens: 60, sampling: { maxNewTokens: 16 }, grader: { mode: 'verdict' } };

  it('measures the data and fills the recipe in, without device, lock or store', async () => {
    const { context, notices } = untouched();
    const data = await open([...[1, 2, 3, 4, 5, 6, 7].map((id) => row(id)), row(8, 'long '.repeat(40))]);
    const wanted = { ...recipe, heldOutShare: 0.25, evaluation: { every: 1, prompts: 5 } };
    const { run, from, needs, periodicPrompts, teacher } = await prepareRun(context, await model(), data, wanted);
    if (from.kind !== 'data') throw new Error('not of data');
    expect(run).toMatchObject({ name: 'run-1', status: 'running', step: 0, steps: run.config.steps, checkpoints: [] });
    expect(run.config.grader.template).toBe(TEMPLATE);
    expect(needs.run).toBe(run.config);
    expect(from.heldOut).toHaveLength(2);
    expect(periodicPrompts.every((example) => from.heldOut.includes(example))).toBe(true);
    expect(from.located.every(({ line }) => line < 8)).toBe(true);
    expect(teacher).toBeNull();
    const reports = notices.flatMap((notice) => (notice.type === 'dataReported' ? [notice.data] : []));
    expect(reports.map(({ problems }) => problems.map(({ line }) => line))).toEqual(
      from.heldOut.some(({ promptId }) => promptId === 'p8') ? [] : [[8]],
    );
  });

  it.each([
    [
      'a grader without its teacher',
      { grader: { kind: 'teacher', teacher: { kind: 'recorded', name: 'g' } } },
      /which is not open/,
    ],
    ['an evaluation without held-out prompts', { heldOutShare: 0, evaluation: { every: 1 } }, /no held-out prompt/],
    ['a filter that leaves nothing', { filter: { themes: ['none'] } }, /filter/i],
    ['answers as long as the context', { sampling: { maxNewTokens: 256 } }, /no room for a prompt/],
    ['a grading longer than the context', { grader: { mode: 'forced' } }, /grading prompt needs/],
    ['a warm start without examples', { warmStart: { steps: 1 } }, /warm start has no examples/],
  ])('refuses %s', async (_, change, message) => {
    const { context } = untouched();
    const data = await open([1, 2, 3, 4].map((id) => row(id)));
    await expect(prepareRun(context, await model(), data, { ...recipe, ...change })).rejects.toThrow(message);
  });

  it('takes a saved run from the store, with its own data', async () => {
    const saved = new MemoryStore();
    const run = testRun({ ...recipe, grader: { mode: 'verdict' } });
    await saved.createRun(run);
    await keepRunData(saved, run.runId, [testExample('a'), testExample('b')], [testExample('h')]);
    const { context } = untouched();
    const prepared = await prepareSavedRun({ ...context, store: saved }, await model(), run, 2, 9);
    expect(prepared).toMatchObject({
      run: { runId: run.runId, steps: 9, config: { steps: 9 } },
      from: { kind: 'checkpoint', step: 2 },
    });
    if (prepared.from.kind === 'checkpoint')
      expect(prepared.from.examples.map(({ promptId }) => promptId)).toEqual(['a', 'b']);
  });
});
