import { expect, it } from 'vitest';
import { type RecipeInput, recipeSchema } from '../../domain/recipe/recipe';
import type { EvaluationRequest } from '../../evaluation/evaluationRequest';
import { DiskFull } from '../../storage/storageError';
import { failureOf, openLab } from '../test/testGpuLab';
import { MemoryStore } from '../test/testLab';

const row = (id: number) =>
  `${JSON.stringify({
    prompt_id: `p${id}`,
    prompt: [{ role: 'user', content: `question ${id}` }],
    example_tags: ['theme:hedging'],
    rubrics: [
      { criterion: 'says hello', points: 5, tags: ['axis:accuracy'] },
      { criterion: 'is rude', points: -2, tags: ['axis:accuracy'] },
    ],
  })}\n`;
const data = Array.from({ length: 10 }, (_, id) => row(id)).join('');
const template = 'Grade.\n<<conversation>>\n<<rubric_item>>';
const recipe = (change: RecipeInput = {}) =>
  recipeSchema.parse({
    steps: 2,
    promptsPerStep: 2,
    groupSize: 2,
    maxPromptTokens: 64,
    sampling: { maxNewTokens: 8 },
    grader: { mode: 'verdict', template },
    optimizer: { learningRate: 1e-2, microBatchTokens: 128 },
    trainable: { kind: 'lora', rank: 4, alpha: 8 },
    heldOutShare: 0.3,
    ...change,
  });

const request = (change: Partial<EvaluationRequest> = {}): EvaluationRequest => ({
  subject: { kind: 'openModel' },
  split: 'heldOut',
  heldOutShare: 0.3,
  grader: 'self',
  mode: 'verdict',
  answers: 2,
  prompts: 2,
  maxNewTokens: 6,
  temperature: 1,
  seed: 1,
  withStart: false,
  ...change,
});

it('evaluates the open model and a checkpoint against its start, keeps both, and exports them', async () => {
  const { call, ready, train, of, store } = openLab();
  await ready(data);
  // With a template of its own, as the built-in model has: the default is longer than this model's context.
  const run = await train(recipe());

  const labels = new Set<string>();
  const saved = await call(
    {
      type: 'evaluate',
      request: request({
        subject: { kind: 'checkpoint', runId: run.runId, step: 2 },
        grader: 'frozen',
        withStart: true,
      }),
    },
    { onProgress: ({ label }) => labels.add(label) },
  );
  if (saved.kind !== 'evaluation') throw new Error('not an evaluation');
  expect(saved.answers).toHaveLength(4);
  expect(saved.startAnswers).toHaveLength(4);
  expect(saved.evaluation).toMatchObject({
    prompts: 2,
    about: { model: 'run-1, step 2', modelId: expect.stringMatching(/^w-/), data: 'rows.jsonl, held-out prompts' },
    comparison: { sameGrader: true, paired: { prompts: 2 } },
  });
  expect(saved.evaluation.about.grader).toMatch(/frozen \(verdict\)$/);
  expect([...labels]).toEqual(['Loading the model', 'Answering', 'Grading answers']);
  expect(await call({ type: 'listEvaluations' })).toMatchObject([{ id: saved.entry.id, kind: 'evaluation' }]);

  const { file, name } = await call({ type: 'exportEvaluation', id: saved.entry.id, kind: 'report' });
  expect(name).toMatch(/^evaluation-.*-report\.html$/);
  expect(await file.text()).toContain('run-1, step 2');
  const results = await call({ type: 'exportEvaluation', id: saved.entry.id, kind: 'simpleEvals' });
  expect(JSON.parse(await results.file.text()).metadata.example_level_metadata).toHaveLength(4);

  expect(await call({ type: 'openEvaluation', id: saved.entry.id })).toEqual(saved);
  await call({ type: 'deleteEvaluation', id: saved.entry.id });
  expect(store.evaluations.size).toBe(0);
  expect(of('failed')).toEqual([]);
});

it('audits a run before and after, on a meta-evaluation file told from its rows', async () => {
  const { call, ready, train, of } = openLab();
  await ready(data);
  const run = await train(recipe({ steps: 1 }));
  const rows = [0, 1, 2].map((id) => ({
    prompt_id: `m${id}`,
    prompt: [{ role: 'user', content: 'hi' }],
    completion: `hello ${id}`,
    rubric: 'says hello',
    binary_labels: [true, id > 0],
    category: 'cluster:greeting',
  }));
  const file = new File([rows.map((value) => `${JSON.stringify(value)}\n`).join('')], 'meta.jsonl');
  const subject = { kind: 'checkpoint' as const, runId: run.runId, step: 1 };
  const saved = await call({ type: 'audit', request: { subject, file, mode: 'verdict', limit: 10, seed: 1 } });
  if (saved.kind !== 'audit') throw new Error('not an audit');
  expect(saved.audit).toMatchObject({ kind: 'metaEval', file: 'meta.jsonl', reference: 'physicians', criteria: 3 });
  expect(saved.audit.graders).toHaveLength(2);
  expect(saved.audit.physicians!.pooled.pairwise.pairs).toBe(6);
  expect(saved.audit.change).toMatchObject({ criteria: 3 });
  const { file: report, name } = await call({ type: 'exportEvaluation', id: saved.entry.id, kind: 'report' });
  expect(name).toMatch(/^audit-.*-report\.html$/);
  expect(await report.text()).toContain('Is the grader right?');
  expect(await call({ type: 'listEvaluations' })).toMatchObject([{ kind: 'audit', data: 'meta.jsonl' }]);

  const wrong = new File(['{"a": 1}\n'], 'wrong.jsonl');
  const refused = failureOf(
    call({ type: 'audit', request: { subject, file: wrong, mode: 'verdict', limit: 10, seed: 1 } }),
  );
  expect((await refused).message).toContain('neither meta-evaluation rows nor graded answers');
  expect(of('failed')).toEqual([]);
});

it('stops when its call is cancelled, keeps nothing, and is refused while a run lives', async () => {
  const { lab, call, ready, start, of, store } = openLab();
  await ready(data);
  await start(recipe({ steps: 1000 }));
  expect((await failureOf(call({ type: 'evaluate', request: request() }))).message).toBe('A run is in progress.');
  await call({ type: 'stop' });
  await lab.runEnded();

  const { run } = of('ended')[0]!;
  const subject = { kind: 'checkpoint' as const, runId: run.runId, step: run.step };
  const abort = new AbortController();
  const evaluation = call(
    { type: 'evaluate', request: request({ subject, split: 'train', prompts: 7, answers: 16 }) },
    { signal: abort.signal },
  );
  await new Promise((resolve) => setTimeout(resolve, 50));
  abort.abort();
  await expect(evaluation).rejects.toMatchObject({ name: 'AbortError' });
  expect(of('failed')).toEqual([]);
  expect(store.evaluations.size).toBe(0);
});

it('shows a result that cannot be saved, and says that it was not', async () => {
  const store = new MemoryStore();
  store.saveEvaluation = () => Promise.reject(new DiskFull('no room'));
  const { call, ready, of } = openLab(store);
  await ready(data);
  const made = await call({ type: 'evaluate', request: request({ subject: { kind: 'openModel' }, prompts: 1 }) });
  expect(made.kind).toBe('evaluation');
  expect(of('failed').map(({ failure }) => failure.kind)).toEqual(['diskFull']);
});
