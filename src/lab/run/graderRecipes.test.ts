import { readFile } from 'node:fs/promises';
import * as ort from 'onnxruntime-web';
import { afterEach, describe, expect, it } from 'vitest';
import type { StepMetrics } from '../../domain/metrics/metrics';
import type { RecipeInput } from '../../domain/recipe/recipe';
import { type ByteSource, bytesSource } from '../../formats/source';
import { asSources, tinyConfig, tinyFolder } from '../../formats/test/testModel';
import { testGpu } from '../../gpu/test/testGpu';
import { chatServer, completion } from '../../grading/endpoint/test/testServer';
import { OnnxModel } from '../../grading/onnx/onnxModel';
import { OnnxSession, readOnnx } from '../../grading/onnx/onnxSession';
import type { Notice } from '../../protocol/notices';
import { openData } from '../data/openData';
import { Engine } from '../engine';
import { exportFiles } from '../exports/exports';
import { openModel } from '../models/openModel';
import type { Platform } from '../platform';
import type { TeacherAccess } from '../teacher/teacherKinds';
import { openProbeThread } from '../test/probeHere';
import { MemoryStore } from '../test/testLab';
import { continueRun, startRun } from './startRun';

const FIXTURE = new URL('../../grading/onnx/fixtures/onnx/', import.meta.url);
const text = (lines: readonly object[]) =>
  new TextEncoder().encode(lines.map((line) => JSON.stringify(line)).join('\n'));

/** Questions of one criterion each; every third without a rubric. */
const rows = Array.from({ length: 9 }, (_, i) => ({
  prompt_id: `p${i}`,
  prompt: [{ role: 'user', content: `question ${i}` }],
  rubrics:
    i % 3 === 2
      ? []
      : [
          { criterion: 'helps', points: 5, tags: [] },
          { criterion: 'harms', points: -3, tags: [] },
        ],
}));

/** ONNX Runtime in this thread, as the command line has it. */
const onnx: Platform['onnx'] = {
  gpu: false,
  open: async (folder) => {
    const session = await OnnxSession.open(ort, await readOnnx(folder), 'wasm');
    return new OnnxModel(session, folder, folder.contextLength);
  },
};
const platform = {
  onnx,
  openProbeThread,
  lock: async () => () => {},
  now: () => performance.now(),
  date: () => new Date(),
} as unknown as Platform;

/** Three steps of a recipe, from the start of a run to its end: metrics, kept records and what was said. */
async function threeSteps(change: RecipeInput, given: TeacherAccess | null = null) {
  const opened = await openModel(await asSources(tinyFolder(tinyConfig({ contextLength: 1024 }))), {
    builtIn: false,
    openProbeThread,
  });
  const data = await openData([bytesSource('rows.jsonl', text(rows))], { builtIn: false });
  const store = new MemoryStore();
  const notices: Notice[] = [];
  const engine = new Engine(testGpu);
  const context = {
    platform,
    engine,
    store,
    teacherAccess: given,
    notify: (notice: Notice) => void notices.push(notice),
  };
  const session = await startRun(context, opened, data, {
    steps: 3,
    promptsPerStep: 2,
    groupSize: 2,
    maxPromptTokens: 64,
    heldOutShare: 0,
    trainable: { kind: 'lora', rank: 4, alpha: 8 },
    optimizer: { learningRate: 1e-2, microBatchTokens: 96 },
    ...change,
    sampling: { maxNewTokens: 8 },
    grader: {
      mode: 'verdict',
      template: '<<conversation>>?<<rubric_item>>',
      ...change.grader,
      sampling: { maxNewTokens: 12, temperature: 0.6, ...change.grader?.sampling },
    },
  });
  const run = await session.drive();
  const failures = notices.flatMap((notice) => (notice.type === 'failed' ? [notice.failure.message] : []));
  expect(failures).toEqual([]);
  expect(run).toMatchObject({ status: 'finished', step: 3 });
  const metrics = await store.loadMetrics(run.runId);
  for (const { loss, grad_norm } of metrics)
    expect([Number.isFinite(loss), Number.isFinite(grad_norm)]).toEqual([true, true]);
  const records = (await Promise.all([1, 2, 3].map((step) => store.loadRollouts(run.runId, step)))).flat();
  expect(records).toHaveLength(12);
  return { metrics, records, notices, run, context, opened };
}
const sum = (metrics: readonly StepMetrics[], key: 'teacher/tokens' | 'teacher/cost' | 'teacher/share') =>
  metrics.reduce((total, line) => total + (line[key] ?? Number.NaN), 0);
const verdicts = ({ records }: Awaited<ReturnType<typeof threeSteps>>) =>
  new Set(records.flatMap(({ criteria }) => criteria.map(({ verdict }) => verdict)));

describe('the model as its own grader', () => {
  it.each([
    ['reason, then verdict', { mode: 'forced' }],
    ['verdict only, drawn', { verdict: 'drawn', sampling: { temperature: 1 } }],
    ['free JSON', { mode: 'json', tries: 1, thinking: false }],
    ['as it started', { kind: 'frozen' }],
  ] as const)('%s', async (_, grader) => {
    const result = await threeSteps({ grader });
    expect(result.metrics.map((line) => line['teacher/share'])).toEqual([null, null, null]);
    if (!('mode' in grader) || grader.mode === 'forced') expect(verdicts(result).has('ungraded')).toBe(false);
  });

  it.each([
    ['verdict', { verdict: 'soft' }],
    ['forced', { verdict: 'soft' }],
    ['verdict', { verdict: 'votes', votes: 5, sampling: { temperature: 1 } }],
    ['forced', { verdict: 'votes', votes: 3, sampling: { temperature: 1 } }],
  ] as const)('with a soft reward, %s mode, %j', async (mode, grader) => {
    const { metrics, records } = await threeSteps({ grader: { mode, ...grader } });
    for (const { reward, criteria } of records) {
      const [helps, harms] = criteria;
      if (!harms) continue;
      expect(reward).toBeCloseTo((5 * helps!.credit! - 3 * harms.credit!) / 5, 6);
    }
    expect(metrics.every((line) => line['grader/credit'] !== null)).toBe(true);
    if (grader.verdict === 'soft') expect(metrics.every((line) => line.frac_reward_zero_std === 0)).toBe(true);
  });

  it('as it started, with all weights in training', async () => {
    const result = await threeSteps({
      grader: { kind: 'frozen' },
      trainable: { kind: 'full' },
      loss: { klCoef: 0.01 },
    });
    expect(verdicts(result).has('ungraded')).toBe(false);
  });
});

describe('a teacher', () => {
  let close = async () => {};
  afterEach(() => close());
  const met = (value: boolean) => completion(`{"explanation": "e", "criteria_met": ${value}}`);

  /** An endpoint that finds every answer helpful, and that writes rubrics. */
  async function endpoint(): Promise<TeacherAccess> {
    const rubric = {
      rubric: [
        { criterion: 'asks back', points: 4 },
        { criterion: 'scares', points: -2 },
      ],
    };
    const server = await chatServer(({ messages: [message] }) =>
      message!.content.startsWith('You write the rubric')
        ? completion(JSON.stringify(rubric))
        : met(message!.content.endsWith('helps')),
    );
    close = server.close;
    const config = {
      kind: 'endpoint',
      url: server.url,
      model: 'judge',
      concurrency: 4,
      inputPrice: 1,
      outputPrice: 2,
    } as const;
    return { config, key: 'k-123456', files: [] };
  }

  it('behind an endpoint', async () => {
    const given = await endpoint();
    const { metrics, records, run } = await threeSteps({ grader: { kind: 'teacher', teacher: given.config } }, given);
    expect(records.flatMap(({ criteria }) => criteria.map(({ verdict }) => verdict))).toEqual(
      new Array(12).fill(['met', 'notMet']).flat(),
    );
    expect(sum(metrics, 'teacher/tokens')).toBe(24 * 110);
    expect(sum(metrics, 'teacher/cost')).toBeCloseTo((24 * (100 + 2 * 10)) / 1e6, 10);
    expect(sum(metrics, 'teacher/share')).toBe(3);
    expect(records[0]!.grader).toBe('teacher, judge');
    expect(JSON.stringify([run, metrics, records])).not.toContain('k-123456');
  });

  it('that repeats address and key in its errors leaves nothing of them in what is kept and told', async () => {
    const server = await chatServer(({ messages: [message] }, response, call) => {
      const echoed = `${server.url}/ward-7?token=t-777777 k-123456 ${new URL(server.url).host}`;
      if (call === 1) return met(true);
      if (call % 2 === 0) return completion(`{"explanation": "${echoed}", "criteria_met": true}`);
      response.statusCode = 400;
      return `${message!.role} refused: ${echoed}`;
    });
    close = server.close;
    const config = {
      kind: 'endpoint',
      url: `${server.url}/ward-7?token=t-777777`,
      model: 'judge',
      concurrency: 1,
      inputPrice: 0,
      outputPrice: 0,
    } as const;
    const given = { config, key: 'k-123456', files: [] };
    const { run, context, opened } = await threeSteps({ grader: { kind: 'teacher', teacher: config } }, given);
    const { store } = context;
    const files = await exportFiles(store, (await store.loadRun(run.runId))!, 'everything', { model: opened });
    let text = JSON.stringify([...store.runs, ...[...store.steps.values()].flatMap((steps) => [...steps])]);
    for (const file of files) for await (const chunk of file.chunks()) text += new TextDecoder('latin1').decode(chunk);
    expect(text).toContain('status 400');
    for (const secret of ['k-123456', 'ward-7', 't-777777', new URL(server.url).host])
      expect(text, secret).not.toContain(secret);
  });

  it.each(['prompt', 'step'] as const)('for a share of the %ss', async (by) => {
    const given = await endpoint();
    const grader = { kind: 'mixed', teacher: given.config, mixed: { share: 0.5, by } } as const;
    const { metrics, records } = await threeSteps({ grader, steps: 3 }, given);
    const shares = metrics.map((line) => line['teacher/share']!);
    if (by === 'prompt') expect(shares).toEqual([0.5, 0.5, 0.5]);
    else expect(shares.every((share) => share === 0 || share === 1)).toBe(true);
    const taught = records.filter(({ grader: name }) => name === 'teacher, judge');
    expect(taught).toHaveLength(4 * shares.reduce((a, b) => a + b, 0));
    expect(taught.flatMap(({ criteria }) => criteria.map(({ verdict }) => verdict))).toEqual(
      new Array(taught.length).fill(['met', 'notMet']).flat(),
    );
  });

  it('in ONNX', async () => {
    const read = async (name: string) => bytesSource(`judge/${name}`, await readFile(new URL(name, FIXTURE)));
    const files: ByteSource[] = [
      await read('config.json'),
      await read('model.onnx'),
      await read('model.onnx_data'),
      ...(await asSources(tinyFolder(tinyConfig()))).filter(({ name }) => name.includes('tokenizer')),
    ];
    const config = { kind: 'onnx', name: 'judge' } as const;
    const { metrics, records } = await threeSteps(
      { grader: { kind: 'teacher', teacher: config } },
      { config, key: null, files },
    );
    expect(sum(metrics, 'teacher/tokens')).toBeGreaterThan(24 * 20);
    expect(
      records.flatMap(({ criteria }) => criteria).every(({ confidence }) => confidence! > 0 && confidence! < 1),
    ).toBe(true);
  });

  it('of recorded grades, which leaves ungraded what it does not have', async () => {
    const line = { prompt_id: 'p0', completion: 'never said', criteria: [{ criterion: 'helps', criteria_met: true }] };
    const config = { kind: 'recorded', name: 'grades.jsonl' } as const;
    const given = { config, key: null, files: [bytesSource('grades.jsonl', text([line]))] };
    const result = await threeSteps({ grader: { kind: 'teacher', teacher: config } }, given);
    expect([...verdicts(result)]).toEqual(['ungraded']);
    expect(result.records[0]!.criteria[0]!.failure).toBe('the file has no grade of this answer');
  });

  it('that writes rubrics, while the model grades itself', async () => {
    const given = await endpoint();
    const rubrics = { write: 'all', writer: 'teacher', criteria: 3 } as const;
    const { records } = await threeSteps({ grader: { teacher: given.config }, rubrics }, given);
    for (const { criteria } of records)
      expect(criteria.map(({ criterion }) => criterion)).toEqual(['asks back', 'scares']);
  });

  it('that was not given is asked for before anything is kept', async () => {
    const teacher = { kind: 'recorded', name: 'grades.jsonl' } as const;
    await expect(threeSteps({ grader: { kind: 'teacher', teacher } })).rejects.toThrow(
      /grades.jsonl, which is not open/,
    );
    await expect(threeSteps({ grader: { kind: 'mixed' } })).rejects.toThrow(/No teacher is given/);
  });

  it('is asked for again when the run goes on, and the written rubrics are still those of the run', async () => {
    const given = await endpoint();
    const rubrics = { write: 'all', writer: 'teacher', criteria: 2 } as const;
    const { context, opened, run } = await threeSteps(
      { grader: { kind: 'teacher', teacher: given.config }, rubrics },
      given,
    );
    const kept = (await context.store.loadRun(run.runId))!;
    // Neither key nor address is written down.
    const address = given.config.kind === 'endpoint' ? new URL(given.config.url).host : '';
    expect(address).not.toBe('');
    expect(JSON.stringify(kept)).not.toContain(address);
    await expect(continueRun({ ...context, teacherAccess: null }, opened, kept, 3, 4)).rejects.toThrow(
      /uses judge as its teacher, and its address was held in memory only/,
    );
    const folder = { kind: 'onnx', name: 'judge' } as const;
    const other = { ...kept, config: { ...kept.config, grader: { ...kept.config.grader, teacher: folder } } };
    await expect(continueRun({ ...context, teacherAccess: null }, opened, other, 3, 4)).rejects.toThrow(
      /judge, which is not open/,
    );

    const session = await continueRun(context, opened, kept, 3, 4);
    expect(await session.drive()).toMatchObject({ status: 'finished', step: 4 });
    const [record] = await context.store.loadRollouts(run.runId, 4);
    expect(record).toMatchObject({
      grader: 'teacher, judge',
      criteria: [{ criterion: 'asks back' }, { criterion: 'scares' }],
    });
  });

  it('does not get the key of another address', async () => {
    const given = await endpoint();
    const keys: unknown[] = [];
    const other = await chatServer((_, response) => {
      keys.push(response.req.headers.authorization);
      return met(true);
    });
    const config = { ...given.config, url: other.url };
    await threeSteps({ grader: { kind: 'teacher', teacher: config } }, given);
    await other.close();
    expect(new Set(keys)).toEqual(new Set([undefined]));
  });
});

it('writes rubrics itself where there are none, and says which could not be written', async () => {
  const { records, notices } = await threeSteps({
    rubrics: { write: 'missing', criteria: 4 },
    steps: 3,
    promptsPerStep: 2,
  });
  const own = records.filter(({ criteria }) => criteria[0]!.tags.includes('rubric:written'));
  const unwritten = notices.flatMap((notice) =>
    notice.type === 'dataReported'
      ? notice.data.problems.filter(({ reason }) => reason.startsWith('writing a rubric failed'))
      : [],
  );
  expect(own.length + unwritten.length).toBeGreaterThan(0);
  for (const { criteria } of own) expect(criteria.some(({ points }) => points > 0)).toBe(true);
});
