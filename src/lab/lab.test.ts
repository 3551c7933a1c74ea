import { describe, expect, it } from 'vitest';
import { asSources, tinyConfig, tinyFolder } from '../formats/test/testModel';
import type { Work } from '../protocol/requests';
import { openModel } from './models/openModel';
import { openProbeThread } from './test/probeHere';
import { data, failureOf, model, openLab, recipe } from './test/testGpuLab';
import type { MemoryStore } from './test/testLab';

describe('opening', () => {
  const files = () => [new File([data], 'rows.jsonl')];

  it('says what the device, the model and the data are', async () => {
    const { call, of, next } = openLab();
    await next('device');
    const report = await call({ type: 'openModel', source: { kind: 'files', files: await model() } });
    expect(report).toMatchObject({ weightFormat: 'f32', config: { channels: 64 } });
    const labels: string[] = [];
    const onProgress = ({ label }: Work) => void labels.push(label);
    const rows = await call({ type: 'openData', source: { kind: 'files', files: files() } }, { onProgress });
    expect(rows).toMatchObject({ kind: 'rubric', rows: 8, good: 7, problems: [{ line: 8 }] });
    expect(labels).toContain('Reading the data');
    const { plan } = await call({ type: 'plan', config: recipe() });
    expect(plan!.fits).toBe(true);
    expect(of('failed')).toEqual([]);
  });

  it('reports the data anew when the recipe filters or splits it in another way, and refuses to start with nothing', async () => {
    const { call, ready, of } = openLab();
    await ready();
    const plan = async (change: Parameters<typeof recipe>[0]) => {
      const { data: report } = await call({ type: 'plan', config: recipe(change) });
      return report && [report.good, report.filteredOut];
    };
    await plan({});
    expect(await plan({ steps: 2 })).toBeNull();
    const nothing = { filter: { themes: ['hedging'] } };
    expect(await plan(nothing)).toEqual([0, 7]);
    expect(await failureOf(call({ type: 'start', config: recipe(nothing) }))).toMatchObject({
      kind: 'badConfig',
      message: 'No prompt passes the filter: theme hedging.',
    });
    expect(of('started')).toEqual([]);
    // Another file is reported under the same recipe.
    const opened = await call({ type: 'openData', source: { kind: 'files', files: files() } });
    expect(opened.filteredOut).toBe(7);
    expect(await plan({})).toEqual([7, 0]);
  });

  it('refuses wrong files by kind, and keeps what was open', async () => {
    const { call, ready, of } = openLab();
    await ready();
    const wrong = (name: string) => ({ kind: 'files' as const, files: [new File(['hello\n'], name)] });
    const refused = await Promise.all([
      failureOf(call({ type: 'openModel', source: wrong('notes.txt') })),
      failureOf(call({ type: 'openData', source: wrong('x.jsonl') })),
      failureOf(call({ type: 'start', config: recipe({ groupSize: 1 }) })),
    ]);
    expect(refused.map(({ kind }) => kind)).toEqual(['badModel', 'badData', 'badConfig']);
    expect((await call({ type: 'plan', config: recipe() })).plan!.fits).toBe(true);
    expect(of('failed')).toEqual([]);
  });
});

it('refuses a tokenizer of another model, and sizes that no kernel serves, by name', async () => {
  const open = async (change: object) =>
    openModel(await asSources(tinyFolder(tinyConfig(change))), { builtIn: false, openProbeThread });
  await expect(open({ vocabulary: 200, endTokens: [] })).rejects.toThrow(
    /tokenizer has 2\d\d tokens, the weights of tiny have 200/,
  );
  await expect(open({ headSize: 6 })).rejects.toThrow(/config\.json[\s\S]*multiple of 4/);
  await expect(open({ heads: 4, keyValueHeads: 3 })).rejects.toThrow(/config\.json[\s\S]*divide/);
});

describe('requests that come while a run is being opened', () => {
  it('gives the run up on a stop, keeps nothing of it, and can start another', async () => {
    const { call, ready, train, of, store, locks } = openLab();
    await ready();
    const started = call({ type: 'start', config: recipe() });
    await call({ type: 'stop' });
    expect(await started).toBeNull();
    expect([of('started'), of('failed')]).toEqual([[], []]);
    expect([store.runs.size, locks.size]).toEqual([0, 0]);
    expect((await train(recipe({ steps: 1 }))).status).toBe('finished');
  });

  it('gives it up when its call is cancelled', async () => {
    const { call, ready, of, store, locks } = openLab();
    await ready();
    const abort = new AbortController();
    const started = call({ type: 'start', config: recipe() }, { signal: abort.signal });
    abort.abort();
    await expect(started).rejects.toMatchObject({ name: 'AbortError' });
    expect([of('started').length, store.runs.size, locks.size]).toEqual([0, 0, 0]);
  });

  it('pauses before the first step when asked to', async () => {
    const { call, ready, next, lab } = openLab();
    await ready();
    const paused = next('paused');
    void call({ type: 'start', config: recipe() });
    await call({ type: 'pause' });
    expect((await paused).step).toBe(0);
    await call({ type: 'stop' });
    await lab.runEnded();
  });

  it('answers a second start with the failure of that call, and the run goes on', async () => {
    const { call, ready, start, of, lab } = openLab();
    await ready();
    await start(recipe({ steps: 1000 }));
    const second = await failureOf(call({ type: 'start', config: recipe() }));
    expect(second).toMatchObject({ kind: 'badConfig', message: 'A run is in progress.' });
    await call({ type: 'stop' });
    await lab.runEnded();
    expect([of('started').length, of('ended').length, of('failed')]).toEqual([1, 1, []]);
  });
});

describe('a run on the GPU', () => {
  it('trains, keeps, leaves out what is too long, and goes on after a reload as if it had never stopped', async () => {
    const whole = openLab();
    await whole.ready();
    const run = await whole.train(recipe());
    const metrics = await whole.store.loadMetrics(run.runId);
    expect(metrics.map(({ step }) => step)).toEqual([1, 2, 3]);
    for (const line of metrics) {
      expect(Number.isFinite(line.loss) && Number.isFinite(line.grad_norm)).toBe(true);
      expect(line['sampling/sampling_logp_difference/mean']).toBeLessThan(1e-4);
      expect(line['grader/ungraded']).toBe(0);
    }
    expect(whole.of('dataReported').at(-1)!.data.problems.at(-1)!.reason).toMatch(/too long/);
    expect(await whole.call({ type: 'loadRollouts', runId: run.runId, step: 2 })).toHaveLength(4);

    // Another tab, which dies in step 3: its lock is gone, its store stays.
    const cut = openLab();
    await cut.ready();
    const saved = cut.next('checkpointSaved');
    const { runId } = await cut.start(recipe());
    await saved;
    await cut.call({ type: 'stop' });
    await cut.lab.runEnded();
    cut.store.runs.set(runId, { ...cut.store.runs.get(runId)!, status: 'running' });

    const reloaded = openLab(cut.store, cut.locks, cut.savedModels);
    const [seen] = await reloaded.call({ type: 'listRuns' });
    expect(seen).toMatchObject({ status: 'interrupted', step: 2 });
    await reloaded.call({ type: 'continueRun', runId, checkpointStep: 2 });
    expect(reloaded.of('modelOpened')).toHaveLength(1);
    expect(reloaded.of('started')[0]!.metrics.map(({ step }) => step)).toEqual([1, 2]);
    await reloaded.lab.runEnded();
    const last = async (store: MemoryStore, id: string) => (await store.loadCheckpoint(id, 3))!.parts;
    expect(await last(cut.store, runId)).toEqual(await last(whole.store, run.runId));
  });

  it('stopped during an evaluation, goes on as if it had never stopped', async () => {
    const watched = recipe({ heldOutShare: 0.3, evaluation: { every: 2, prompts: 2, answers: 2 }, checkpointEvery: 0 });
    const whole = openLab();
    await whole.ready();
    const { runId: wholeId } = await whole.train(watched);

    const cut = openLab();
    await cut.ready();
    const evaluating = (async () => {
      for (let seen = await cut.next('progress'); seen.phase !== 'evaluate'; ) seen = await cut.next('progress');
    })();
    const { runId } = await cut.start(watched);
    await evaluating;
    await cut.call({ type: 'stop' });
    await cut.lab.runEnded();
    expect(await cut.store.loadMetrics(runId)).toMatchObject([{ step: 1, 'eval/mean_length': null }]);
    await cut.call({ type: 'continueRun', runId, checkpointStep: 1 });
    await cut.lab.runEnded();

    const numbers = async ({ store }: typeof cut, id: string) =>
      (await store.loadMetrics(id)).map((line) => [
        line.step,
        line.reward,
        line.loss,
        line['eval/frozen_score'],
        line['eval/mean_length'],
      ]);
    expect(await numbers(cut, runId)).toEqual(await numbers(whole, wholeId));
    expect((await numbers(cut, runId)).map((line) => line[4] !== null)).toEqual([true, true, false]);
  });

  it('asks for the model of a run that it does not have, and refuses a run that is open elsewhere', async () => {
    const { call, ready, train, store, locks } = openLab();
    await ready();
    const { runId } = await train(recipe({ steps: 1 }));

    const again = { type: 'continueRun', runId, checkpointStep: 1 } as const;
    const other = openLab(store, locks);
    expect(await failureOf(other.call(again))).toMatchObject({ kind: 'needsFiles', runId });
    locks.add(runId);
    await ready();
    expect(await failureOf(call(again))).toMatchObject({ kind: 'runLocked', runId });
  });
});
