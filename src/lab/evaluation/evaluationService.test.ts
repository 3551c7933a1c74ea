import { expect, it } from 'vitest';
import { type RecipeInput, recipeSchema } from '../../domain/recipe/recipe';
import type { EvaluationRequest } from '../../evaluation/evaluations';
import { allBytes, asSources, tinyConfig, tinyFolder } from '../../formats/test/testModel';
import { testGpu } from '../../gpu/test/testGpu';
import type { Command, Notice } from '../../protocol/protocol';
import { Lab } from '../lab';
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

/** A lab on Dawn with the tiny model and data open. */
async function openLab() {
  const notices: Notice[] = [];
  const waiting: { type: string; resolve: (notice: Notice) => void }[] = [];
  const store = new MemoryStore();
  const locks = new Set<string>();
  const lab = new Lab(
    {
      openGpu: testGpu,
      backend: 'Dawn',
      openStore: async () => store,
      builtInModel: () => asSources(tinyFolder(tinyConfig())),
      builtInData: async () => [],
      saveModel: async () => {},
      savedModel: async () => null,
      savedModels: async () => [],
      deleteSavedModel: async () => {},
      collect: (chunks) => new Response(chunks as BodyInit).blob(),
      onnx: { gpu: false, open: () => Promise.reject(new Error('not here')) },
      lock: async (runId) => {
        locks.add(runId);
        return () => locks.delete(runId);
      },
      isLocked: async (runId) => locks.has(runId),
      now: () => performance.now(),
      date: () => new Date(),
    },
    (notice) => {
      notices.push(notice);
      for (const wait of waiting.splice(0)) {
        if (wait.type === notice.type) wait.resolve(notice);
        else waiting.push(wait);
      }
    },
  );
  const send = (command: Command) => (lab.handlers[command.type] as (command: Command) => void)(command);
  const ask = <T extends Notice['type']>(command: Command, type: T) => {
    const answer = new Promise<Extract<Notice, { type: T }>>((resolve) =>
      waiting.push({ type, resolve: resolve as (notice: Notice) => void }),
    );
    send(command);
    return answer;
  };
  const files = await Promise.all(
    tinyFolder(tinyConfig()).map(
      async ({ name, size, chunks }) => new File([(await allBytes(chunks(), size)) as BlobPart], name),
    ),
  );
  await ask({ type: 'openModel', source: { kind: 'files', files } }, 'modelOpened');
  await ask({ type: 'openData', source: { kind: 'files', files: [new File([data], 'rows.jsonl')] } }, 'dataOpened');
  const of = <T extends Notice['type']>(type: T) =>
    notices.filter((notice): notice is Extract<Notice, { type: T }> => notice.type === type);
  return { lab, send, ask, of, store };
}

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
  const { lab, send, ask, of, store } = await openLab();
  // With a template of its own, as the built-in model has: the default is longer than this model's context.
  send({ type: 'start', config: recipe() });
  await lab.idle();
  await lab.runEnded();
  expect(of('failed')).toEqual([]);
  const { run } = of('ended')[0]!;

  const { kept } = await ask(
    {
      type: 'evaluate',
      request: request({
        subject: { kind: 'checkpoint', runId: run.runId, step: 2 },
        grader: 'frozen',
        withStart: true,
      }),
    },
    'evaluationOpened',
  );
  if (kept.kind !== 'evaluation') throw new Error('not an evaluation');
  expect(kept.answers).toHaveLength(4);
  expect(kept.startAnswers).toHaveLength(4);
  expect(kept.evaluation).toMatchObject({
    prompts: 2,
    about: { model: 'run-1, step 2', data: 'rows.jsonl, held-out prompts' },
    comparison: { sameGrader: true, paired: { prompts: 2 } },
  });
  expect(kept.evaluation.about.grader).toMatch(/frozen \(verdict\)$/);
  expect(of('progress').map(({ phase }) => phase)).toContain('evaluate');
  await lab.idle();
  expect(of('evaluations').at(-1)!.entries).toMatchObject([{ id: kept.entry.id, kind: 'evaluation' }]);

  const { file, name } = await ask({ type: 'exportEvaluation', id: kept.entry.id, kind: 'report' }, 'exported');
  expect(name).toMatch(/^evaluation-.*-report\.html$/);
  expect(await file.text()).toContain('run-1, step 2');
  const results = await ask({ type: 'exportEvaluation', id: kept.entry.id, kind: 'simpleEvals' }, 'exported');
  expect(JSON.parse(await results.file.text()).metadata.example_level_metadata).toHaveLength(4);

  const again = await ask({ type: 'openEvaluation', id: kept.entry.id }, 'evaluationOpened');
  expect(again.kept).toEqual(kept);
  await ask({ type: 'deleteEvaluation', id: kept.entry.id }, 'evaluations');
  expect(store.evaluations.size).toBe(0);
  expect(of('failed')).toEqual([]);
});

it('audits a run before and after, on a meta-evaluation file told from its rows', async () => {
  const { lab, send, ask, of } = await openLab();
  send({ type: 'start', config: recipe({ steps: 1 }) });
  await lab.idle();
  await lab.runEnded();
  const { run } = of('ended')[0]!;
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
  const { kept } = await ask(
    { type: 'audit', request: { subject, file, mode: 'verdict', limit: 10, seed: 1 } },
    'evaluationOpened',
  );
  if (kept.kind !== 'audit') throw new Error('not an audit');
  expect(kept.audit).toMatchObject({ kind: 'metaEval', file: 'meta.jsonl', reference: 'physicians', criteria: 3 });
  expect(kept.audit.graders).toHaveLength(2);
  expect(kept.audit.physicians!.pooled.pairwise.pairs).toBe(6);
  expect(kept.audit.change).toMatchObject({ criteria: 3 });
  await lab.idle();
  const { file: report, name } = await ask({ type: 'exportEvaluation', id: kept.entry.id, kind: 'report' }, 'exported');
  expect(name).toMatch(/^audit-.*-report\.html$/);
  expect(await report.text()).toContain('Is the grader right?');
  expect(of('evaluations').at(-1)!.entries).toMatchObject([{ kind: 'audit', data: 'meta.jsonl' }]);

  const wrong = new File(['{"a": 1}\n'], 'wrong.jsonl');
  send({ type: 'audit', request: { subject, file: wrong, mode: 'verdict', limit: 10, seed: 1 } });
  await lab.idle();
  expect(of('failed').map(({ failure }) => failure.message)).toEqual([
    expect.stringContaining('neither meta-evaluation rows nor graded answers'),
  ]);
  expect(of('evaluationStopped')).toHaveLength(1);
});

it('stops when asked, keeps nothing, and is refused while a run lives', async () => {
  const { lab, send, of, store } = await openLab();
  send({ type: 'start', config: recipe({ steps: 1000 }) });
  await lab.idle();
  send({ type: 'evaluate', request: request() });
  await lab.idle();
  expect(of('failed').map(({ failure }) => failure.message)).toEqual(['A run is under way.']);
  send({ type: 'stop' });
  await lab.runEnded();

  const { run } = of('ended')[0]!;
  const subject = { kind: 'checkpoint' as const, runId: run.runId, step: run.step };
  send({ type: 'evaluate', request: request({ subject, split: 'train', prompts: 7, answers: 16 }) });
  await new Promise((resolve) => setTimeout(resolve, 50));
  send({ type: 'stopEvaluation' });
  await lab.idle();
  expect(of('evaluationStopped')).toHaveLength(1);
  expect(of('failed')).toHaveLength(1);
  expect(store.evaluations.size).toBe(0);
});
