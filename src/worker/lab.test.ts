import { describe, expect, it } from 'vitest';
import type { RunConfigInput } from '../config/run';
import { runConfigSchema } from '../config/run';
import type { OutputFile } from '../formats/outputFile';
import { writePeft } from '../formats/peft';
import { type ByteSource, bytesSource } from '../formats/source';
import { allBytes, asSources, tinyConfig, tinyFolder } from '../formats/testModel';
import { testGpu } from '../gpu/testGpu';
import type { Command, Notice } from '../protocol';
import { RunLocked } from '../storage/storageError';
import { trainedTensors } from './checkpointState';
import { adapterFiles, mergedFiles } from './exportModel';
import { Lab } from './lab';
import { openModel } from './openModel';
import { MemoryStore } from './testLab';

const row = (id: number, content = `question ${id}`) =>
  `${JSON.stringify({
    prompt_id: `p${id}`,
    prompt: [{ role: 'user', content }],
    rubrics: [
      { criterion: 'says hello', points: 5, tags: [] },
      { criterion: 'is rude', points: -2, tags: [] },
    ],
  })}\n`;
const data = [...[0, 1, 2, 3, 4, 5].map((id) => row(id)), row(6, 'x'.repeat(300)), '{"broken": \n'].join('');

const filesOf = (outputs: readonly OutputFile[]) =>
  Promise.all(
    outputs.map(async ({ name, size, chunks }) => new File([(await allBytes(chunks(), size)) as BlobPart], name)),
  );
const model = () => filesOf(tinyFolder(tinyConfig()));

const recipe = (change: RunConfigInput = {}) =>
  runConfigSchema.parse({
    steps: 3,
    promptsPerStep: 2,
    groupSize: 2,
    maxPromptTokens: 64,
    sampling: { maxNewTokens: 8 },
    grader: { mode: 'verdict', template: 'Grade.\n<<conversation>>\n<<rubric_item>>' },
    optimizer: { learningRate: 1e-2, microBatchTokens: 128 },
    trainable: { kind: 'lora', rank: 4, alpha: 8 },
    checkpointEvery: 2,
    heldOutShare: 0,
    ...change,
  });

/** A lab on Dawn over a store that outlives it, as a browser's does a reload. */
function openLab(
  store = new MemoryStore(),
  locks = new Set<string>(),
  keptModels = new Map<string, readonly ByteSource[]>(),
) {
  const notices: Notice[] = [];
  const waiting: { type: string; resolve: (notice: Notice) => void; reject: (error: Error) => void }[] = [];
  const lab = new Lab(
    {
      openGpu: testGpu,
      backend: 'Dawn',
      openStore: async () => store,
      builtInModel: async () => asSources(tinyFolder(tinyConfig({ hidden: 128 }))),
      builtInData: async () => [bytesSource('sample.jsonl', new TextEncoder().encode(data))],
      keepModel: async (id, _, files) => {
        keptModels.set(id, files);
      },
      keptModel: async (id) => keptModels.get(id) ?? null,
      keptModels: async () => [],
      deleteKeptModel: async () => {},
      collect: (chunks) => new Response(chunks as BodyInit).blob(),
      onnx: { gpu: false, open: () => Promise.reject(new Error('not here')) },
      lock: async (runId) => {
        if (locks.has(runId)) throw new RunLocked(runId);
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
        else if (notice.type === 'failed') wait.reject(new Error(notice.failure.message, { cause: notice.failure }));
        else waiting.push(wait);
      }
    },
  );
  const send = (command: Command) => (lab.handlers[command.type] as (command: Command) => void)(command);
  /** Resolves with the next notice of a type; rejects when a failure comes first. */
  const next = <T extends Notice['type']>(type: T) =>
    new Promise<Extract<Notice, { type: T }>>((resolve, reject) => {
      waiting.push({ type, resolve: resolve as (notice: Notice) => void, reject });
    });
  const ask = <T extends Notice['type']>(command: Command, type: T) => {
    const answer = next(type);
    send(command);
    return answer;
  };
  const of = <T extends Notice['type']>(type: T) =>
    notices.filter((notice): notice is Extract<Notice, { type: T }> => notice.type === type);
  const ready = async () => {
    await ask({ type: 'openModel', source: { kind: 'files', files: await model() } }, 'modelOpened');
    await ask({ type: 'openData', source: { kind: 'files', files: [new File([data], 'rows.jsonl')] } }, 'dataOpened');
  };
  return { lab, send, ask, next, of, ready, store, locks, keptModels };
}

describe('opening', () => {
  it('says what the device, the model and the data are', async () => {
    const { ask, of, next } = openLab();
    await next('device');
    const { model: report } = await ask(
      { type: 'openModel', source: { kind: 'files', files: await model() } },
      'modelOpened',
    );
    expect(report).toMatchObject({ weightFormat: 'f32', config: { channels: 64 } });
    const files = [new File([data], 'rows.jsonl')];
    const { data: rows } = await ask({ type: 'openData', source: { kind: 'files', files } }, 'dataOpened');
    expect(rows).toMatchObject({ kind: 'rubric', rows: 8, good: 7, problems: [{ line: 8 }] });
    const { plan } = await ask({ type: 'plan', config: recipe() }, 'planned');
    expect(plan.fits).toBe(true);
    expect(of('failed')).toEqual([]);
  });

  it('refuses wrong files by kind, and keeps what was open', async () => {
    const { ask, ready, send, of, lab } = openLab();
    await ready();
    send({ type: 'openModel', source: { kind: 'files', files: [new File(['hello'], 'notes.txt')] } });
    send({ type: 'openData', source: { kind: 'files', files: [new File(['hello\n'], 'x.jsonl')] } });
    send({ type: 'start', config: recipe({ groupSize: 1 }) });
    await lab.idle();
    expect(of('failed').map(({ failure }) => failure.kind)).toEqual(['badModel', 'badData', 'badConfig']);
    expect((await ask({ type: 'plan', config: recipe() }, 'planned')).plan.fits).toBe(true);
  });
});

it('refuses a tokenizer of another model, and sizes that no kernel serves, by name', async () => {
  const open = async (change: object) => openModel(await asSources(tinyFolder(tinyConfig(change))), { builtIn: false });
  await expect(open({ vocabulary: 200, endTokens: [] })).rejects.toThrow(
    /tokenizer has 2\d\d tokens, the weights of tiny have 200/,
  );
  await expect(open({ headSize: 6 })).rejects.toThrow(/config\.json[\s\S]*multiple of 4/);
  await expect(open({ heads: 4, keyValueHeads: 3 })).rejects.toThrow(/config\.json[\s\S]*divide/);
});

describe('commands that come while a run is being opened', () => {
  it('gives the run up on a stop, keeps nothing of it, and can start another', async () => {
    const { ask, ready, send, of, lab, store, locks } = openLab();
    await ready();
    send({ type: 'start', config: recipe() });
    send({ type: 'stop' });
    await lab.idle();
    expect([of('notStarted').length, of('started'), of('failed')]).toEqual([1, [], []]);
    expect([store.runs.size, locks.size]).toEqual([0, 0]);
    const { run } = await ask({ type: 'start', config: recipe({ steps: 1 }) }, 'ended');
    expect(run.status).toBe('finished');
  });

  it('pauses before the first step when asked to', async () => {
    const { ask, ready, send, lab } = openLab();
    await ready();
    const paused = ask({ type: 'start', config: recipe() }, 'paused');
    send({ type: 'pause' });
    expect((await paused).step).toBe(0);
    send({ type: 'stop' });
    await lab.runEnded();
  });
});

describe('a run on the GPU', () => {
  it('trains, keeps, leaves out what is too long, and goes on after a reload as if it had never stopped', async () => {
    const whole = openLab();
    await whole.ready();
    const { run } = await whole.ask({ type: 'start', config: recipe() }, 'started');
    await whole.next('ended');
    await whole.lab.runEnded();
    expect(whole.of('failed')).toEqual([]);
    const metrics = await whole.store.loadMetrics(run.runId);
    expect(metrics.map(({ step }) => step)).toEqual([1, 2, 3]);
    for (const line of metrics) {
      expect(Number.isFinite(line.loss) && Number.isFinite(line.grad_norm)).toBe(true);
      expect(line['sampling/sampling_logp_difference/mean']).toBeLessThan(1e-4);
      expect(line['grader/ungraded']).toBe(0);
    }
    expect(whole.of('dataOpened').at(-1)!.data.problems.at(-1)!.reason).toMatch(/too long/);
    const { rollouts } = await whole.ask({ type: 'loadRollouts', runId: run.runId, step: 2 }, 'rollouts');
    expect(rollouts).toHaveLength(4);

    // Another tab, which dies in step 3: its lock is gone, its store stays.
    const cut = openLab();
    await cut.ready();
    const started = await cut.ask({ type: 'start', config: recipe() }, 'started');
    await cut.next('checkpointSaved');
    cut.send({ type: 'stop' });
    await cut.lab.runEnded();
    cut.store.runs.set(started.run.runId, { ...cut.store.runs.get(started.run.runId)!, status: 'running' });

    const reloaded = openLab(cut.store, cut.locks, cut.keptModels);
    const [seen] = (await reloaded.ask({ type: 'listRuns' }, 'runs')).runs;
    expect(seen).toMatchObject({ status: 'interrupted', step: 2 });
    const again = { type: 'continueRun', runId: started.run.runId, checkpointStep: 2 } as const;
    await reloaded.ask(again, 'started');
    await reloaded.next('ended');
    const last = async (store: MemoryStore, runId: string) => (await store.loadCheckpoint(runId, 3))!.parts;
    expect(await last(cut.store, started.run.runId)).toEqual(await last(whole.store, run.runId));
  });

  it('asks for the model of a run that it does not have, and refuses a run that is open elsewhere', async () => {
    const { ask, ready, lab, store, locks, next } = openLab();
    await ready();
    const { run } = await ask({ type: 'start', config: recipe({ steps: 1 }) }, 'started');
    await next('ended');
    await lab.runEnded();

    const other = openLab(store, locks);
    const continuing = other.ask({ type: 'continueRun', runId: run.runId, checkpointStep: 1 }, 'started');
    await expect(continuing).rejects.toMatchObject({ cause: { kind: 'needsFiles' } });
    locks.add(run.runId);
    await ready();
    const locked = ask({ type: 'continueRun', runId: run.runId, checkpointStep: 1 }, 'started');
    await expect(locked).rejects.toMatchObject({ cause: { kind: 'runLocked' } });
  });

  it.each([
    ['lora', { kind: 'lora', rank: 4, alpha: 8 }],
    ['full', { kind: 'full' }],
  ] as const)('exports a folder that opens again with the same logits (%s)', async (_, trainable) => {
    const { ask, ready, lab, store, next } = openLab();
    await ready();
    const { run } = await ask({ type: 'start', config: recipe({ steps: 1, trainable }) }, 'started');
    await next('ended');
    await lab.runEnded();
    const { file, name } = await ask({ type: 'export', runId: run.runId, kind: 'merged' }, 'exported');
    expect([name, file.size > 100_000]).toEqual(['run-1-merged.zip', true]);

    const opened = await openModel(await asSources(tinyFolder(tinyConfig())), { builtIn: false });
    const kept = (await store.loadRun(run.runId))!;
    const trained = await trainedTensors((await store.loadCheckpoint(run.runId, 1))!);
    const folder = await asSources(mergedFiles(opened, kept, trained));
    const merged = await openModel(folder, { builtIn: false });
    const logits = await logitsOf(merged);
    const before = await logitsOf(opened);
    const trainedLogits = await logitsOf(opened, kept.config, (await store.loadCheckpoint(run.runId, 1))!);
    const difference = (a: Float32Array, b: Float32Array) =>
      a.reduce((worst, x, i) => Math.max(worst, Math.abs(x - b[i]!)), 0);
    expect(difference(logits, trainedLogits)).toBeLessThan(1e-4);
    expect(difference(logits, before)).toBeGreaterThan(1e-3);
  });

  it('opens an exported adapter on its base with the logits of the trained model, keeps both, and trains on', async () => {
    const { ask, ready, lab, store, keptModels } = openLab();
    await ready();
    const { run } = await ask({ type: 'start', config: recipe({ steps: 2 }) }, 'ended');
    await lab.runEnded();
    const { file } = await ask({ type: 'export', runId: run.runId, kind: 'adapter' }, 'exported');
    expect(file.size).toBeGreaterThan(10_000);

    const base = await openModel(await asSources(tinyFolder(tinyConfig())), { builtIn: false });
    const checkpoint = (await store.loadCheckpoint(run.runId, 2))!;
    const exported = adapterFiles(base, run, await trainedTensors(checkpoint));
    const files = await filesOf(exported);
    const { model: report } = await ask({ type: 'openModel', source: { kind: 'files', files } }, 'modelOpened');
    expect(report.adapter).toEqual({ rank: 4, madeFor: 'model', sameName: true });
    expect(report.id).not.toBe(base.report.id);

    const opened = await openModel([...base.files, ...(await asSources(exported, 'learnt'))], { builtIn: false });
    expect(opened.report).toMatchObject({ id: report.id, name: 'tiny + learnt' });
    const logits = await logitsOf(opened);
    const trained = await logitsOf(base, run.config, checkpoint);
    const untrained = await logitsOf(base);
    const difference = (a: Float32Array, b: Float32Array) =>
      a.reduce((worst, x, i) => Math.max(worst, Math.abs(x - b[i]!)), 0);
    expect(difference(logits, trained)).toBeLessThan(1e-4);
    expect(difference(logits, untrained)).toBeGreaterThan(1e-3);

    const next = (await ask({ type: 'start', config: recipe({ steps: 1 }) }, 'ended')).run;
    expect(next.modelId).toBe(report.id);
    const kept = await openModel(keptModels.get(report.id)!, { builtIn: false });
    expect(kept.report.id).toBe(report.id);
  });

  it('refuses an adapter without a model, or of another, by name', async () => {
    const { ask, ready, lab, of, send } = openLab();
    const other = await openModel(await asSources(tinyFolder(tinyConfig({ hidden: 128 }))), { builtIn: false });
    const pairs = Array.from({ length: 2 }, (_, layer) => ({
      layer,
      projection: 'up_proj' as const,
      a: new Float32Array(2 * 64),
      b: new Float32Array(128 * 2),
    }));
    const files = await filesOf(
      writePeft({ rank: 2, alpha: 2, targets: ['up_proj'], baseModel: 'other', pairs }, other.report.config),
    );
    send({ type: 'openModel', source: { kind: 'files', files } });
    await lab.idle();
    await ready();
    send({ type: 'openModel', source: { kind: 'files', files } });
    await lab.idle();
    const refused = of('failed').map(({ failure }) => failure);
    expect(refused.map(({ kind }) => kind)).toEqual(['badModel', 'badModel']);
    expect(refused[0]!.message).toMatch(/no model is open/);
    expect(refused[1]!.message).toMatch(/up_proj\.lora_B\.weight is \(128, 2\), the model calls for \(96, 2\)/);
    expect((await ask({ type: 'plan', config: recipe() }, 'planned')).plan.fits).toBe(true);
  });
});

async function logitsOf(
  opened: Awaited<ReturnType<typeof openModel>>,
  config = recipe(),
  checkpoint?: Parameters<typeof import('./checkpointState').restoreCheckpoint>[1],
): Promise<Float32Array> {
  const { Engine } = await import('./engine');
  const { restoreCheckpoint } = await import('./checkpointState');
  const engine = new Engine(testGpu);
  const built = await engine.build(opened, config, [], () => {});
  if (checkpoint) await restoreCheckpoint(built, checkpoint, opened.report.id);
  const logits = await built.logits(
    Int32Array.from({ length: 12 }, (_, i) => 40 + 7 * i),
    checkpoint !== undefined,
  );
  engine.releaseModel();
  return logits;
}
