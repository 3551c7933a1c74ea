import { describe, expect, it } from 'vitest';
import { parseFile } from '../../data/parse';
import { recipeSchema } from '../../domain/recipe/recipe';
import type { LanguageModel } from '../../model/languageModel';
import { characterText, testExample } from '../../rl/test/testModel';
import type { SftSource } from '../../rl/warmStart';
import { FakeModel, identity, MemoryStore, testRun, testSession } from '../test/testLab';
import { restoreCheckpoint } from './checkpointState';
import { keepLabelledVerdicts, loadLabelledVerdicts, warmStartExamples, warmStartVerdicts } from './warmStartData';
import { loadWarmSteps } from './warmStartSteps';

const examples: SftSource = {
  answers: 6,
  gradings: 0,
  answer: (index) => ({ tokens: Int32Array.of(80, 100 + index, 110 + index), lossFrom: 1 }),
  grading: () => {
    throw new Error('there is none');
  },
};
const recipe = { steps: 2, warmStart: { steps: 4, documentsPerStep: 2, learningRate: 1e-3 } };

async function begun() {
  const store = new MemoryStore();
  const run = testRun(recipe);
  await store.createRun(run);
  return { store, run };
}

describe('a run with a warm start', () => {
  it('makes its supervised steps before the first rollout, keeps their numbers and a checkpoint', async () => {
    const { store, run } = await begun();
    const { session, notices, of } = testSession(run, store, new FakeModel(), { examples, done: 0 });
    expect(await session.drive()).toMatchObject({ status: 'finished', step: 2 });
    expect(of('warmStep').map(({ warm }) => [warm.step, warm.steps, warm.documents])).toEqual([
      [1, 4, 2],
      [2, 4, 2],
      [3, 4, 2],
      [4, 4, 2],
    ]);
    const order = notices.map(({ type }) => type).filter((type) => type === 'warmStep' || type === 'step');
    expect(order).toEqual(['warmStep', 'warmStep', 'warmStep', 'warmStep', 'step', 'step']);
    expect(of('progress').some(({ phase, label }) => phase === 'warmStart' && /^Warm start, loss \d/.test(label))).toBe(
      true,
    );
    expect(of('checkpointSaved').map(({ checkpoint }) => checkpoint.step)).toEqual([0, 2]);
    expect((await loadWarmSteps(store, 'run-a')).map(({ step }) => step)).toEqual([1, 2, 3, 4]);
  });

  it('pauses between supervised steps and goes on from there exactly as if it had never stopped', async () => {
    const whole = await begun();
    await testSession(whole.run, whole.store, new FakeModel(), { examples, done: 0 }).session.drive();

    const cut = await begun();
    const first = testSession(cut.run, cut.store, new FakeModel(), { examples, done: 0 });
    const second = first.next('warmStep').then(() => first.next('warmStep'));
    const paused = first.next('paused');
    const driven = first.session.drive();
    await second;
    first.session.pause();
    expect((await paused).step).toBe(0);
    first.session.stop();
    await driven;

    const model = new FakeModel();
    const checkpoint = (await cut.store.loadCheckpoint('run-a', 0))!;
    const { warmSteps } = await restoreCheckpoint(model as unknown as LanguageModel, checkpoint, identity('fake-id'));
    expect(warmSteps).toBeGreaterThan(0);
    expect(warmSteps).toBeLessThan(4);
    const resumed = testSession(cut.run, cut.store, model, { examples, done: warmSteps });
    await resumed.session.drive();
    expect(resumed.of('warmStep')[0]!.warm.step).toBe(warmSteps + 1);
    expect((await loadWarmSteps(cut.store, 'run-a')).map(({ step }) => step)).toEqual([1, 2, 3, 4]);
    const last = async (store: MemoryStore) => (await store.loadCheckpoint('run-a', 2))!.parts;
    expect(await last(cut.store)).toEqual(await last(whole.store));
    expect(await cut.store.loadRollouts('run-a', 2)).toEqual(await whole.store.loadRollouts('run-a', 2));
  });
});

describe('what a warm start learns from', () => {
  const judgedRow = (promptId: string, labels: boolean[]) =>
    `${JSON.stringify({
      prompt_id: promptId,
      prompt: [{ role: 'user', content: 'hi' }],
      completion: `answer ${promptId}`,
      rubric: 'says it',
      binary_labels: labels,
      category: 'cluster:x',
    })}\n`;
  const openFiles = async (text: string) => ({
    name: 'd',
    builtIn: false,
    files: [
      await parseFile(
        'meta.jsonl',
        (async function* () {
          yield text;
        })(),
      ),
    ],
  });
  const run = (warmStart: object) => recipeSchema.parse({ warmStart: { steps: 1, ...warmStart } });
  const ideal = { ...testExample('b'), idealCompletion: 'rest' };

  it('takes labelled answers that are decided and not held out, and keeps them with the run', async () => {
    const rows = [judgedRow('a', [true, true, false]), judgedRow('b', [true, false]), judgedRow('c', [false])];
    const data = await openFiles(rows.join('') + judgedRow('held', [true]));
    const verdicts = warmStartVerdicts(run({}), data, [], new Set(['held']));
    expect(verdicts.map(({ promptId, met }) => [promptId, met])).toEqual([
      ['a', true],
      ['c', false],
    ]);
    const store = new MemoryStore();
    await keepLabelledVerdicts(store, 'run-a', verdicts);
    const kept = await loadLabelledVerdicts(store, 'run-a');
    expect(kept).toEqual(verdicts);
    expect(await loadLabelledVerdicts(store, 'run-b')).toEqual([]);

    const opened = { text: characterText, report: { config: { endTokens: [33] } } };
    const source = warmStartExamples(run({}), opened as never, [ideal, testExample('x')], kept);
    expect([source.answers, source.gradings]).toEqual([1, 2]);
    const said = [source.answer(0), source.grading(0), source.grading(1)].map(({ tokens, lossFrom }) =>
      characterText.decode(tokens.slice(lossFrom)),
    );
    expect(said).toEqual(['rest!', 't', 'f']);
  });

  it('takes the verdicts of graded answers, with their reasons', async () => {
    const row = {
      prompt_id: 'g',
      completion: 'rest',
      criteria: [
        { criterion: 'says rest', points: 3, verdict: 'met', explanation: 'It does.' },
        { criterion: 'says drink', points: -3, verdict: 'notMet', explanation: '' },
        { criterion: 'says else', points: 1, verdict: 'ungraded' },
      ],
    };
    const prompt = [{ role: 'user', content: 'hi' }];
    const example = { prompt_id: 'g', prompt, rubrics: [{ criterion: 'c', points: 1 }] };
    const lost = { ...row, prompt_id: 'of nobody' };
    const data = await openFiles([row, lost, example].map((line) => `${JSON.stringify(line)}\n`).join(''));
    const verdicts = warmStartVerdicts(run({}), data, [], new Set());
    expect(
      verdicts.map(({ promptId, criterion, points, met, explanation }) => [
        promptId,
        criterion,
        points,
        met,
        explanation,
      ]),
    ).toEqual([
      ['g', 'says rest', 3, true, 'It does.'],
      ['g', 'says drink', -3, false, ''],
    ]);
    expect(verdicts[0]!.prompt).toEqual(prompt);
    expect(data.files[0]!.problems).toEqual([]);
    const bad = await openFiles(`${JSON.stringify({ ...row, criteria: [{ criterion: 'x' }] })}\n`);
    expect(bad.files[0]!.problems[0]!.reason).toMatch(/neither verdict nor criteria_met/);
  });

  it('refuses a warm start with nothing to learn from, before the run begins', async () => {
    const none = await openFiles('');
    expect(() => warmStartVerdicts(run({}), none, [testExample('a')], new Set())).toThrow(/warm start has no examples/);
    expect(() => warmStartVerdicts(run({ gradingShare: 1 }), none, [ideal], new Set())).toThrow(
      /warm start has no examples/,
    );
    expect(warmStartVerdicts(run({ gradingShare: 0 }), none, [ideal], new Set())).toEqual([]);
    expect(warmStartVerdicts(run({ steps: 0 }), none, [], new Set())).toEqual([]);
  });
});
