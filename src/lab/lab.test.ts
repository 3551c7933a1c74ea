import { describe, expect, it } from 'vitest';
import { asSources, tinyConfig, tinyFolder } from '../formats/test/testModel';
import { openModel } from './models/openModel';
import { data, model, openLab, recipe } from './test/testGpuLab';
import type { MemoryStore } from './test/testLab';

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

  it('reports the data anew when the recipe filters or splits it in another way, and refuses to start with nothing', async () => {
    const { ask, ready, send, of, lab } = openLab();
    await ready();
    const plan = async (change: Parameters<typeof recipe>[0]) => {
      const before = of('dataReported').length;
      await ask({ type: 'plan', config: recipe(change) }, 'planned');
      return of('dataReported')
        .slice(before)
        .map(({ data: { good, filteredOut } }) => [good, filteredOut]);
    };
    await plan({});
    expect(await plan({ steps: 2 })).toEqual([]);
    const nothing = { filter: { themes: ['hedging'] } };
    expect(await plan(nothing)).toEqual([[0, 7]]);
    send({ type: 'start', config: recipe(nothing) });
    await lab.idle();
    expect(of('failed').map(({ failure }) => [failure.kind, failure.message])).toEqual([
      ['badConfig', 'No question passes the filter: theme hedging.'],
    ]);
    expect(of('started')).toEqual([]);
    // Another file is reported under the same recipe.
    const files = [new File([data], 'rows.jsonl')];
    const opened = await ask({ type: 'openData', source: { kind: 'files', files } }, 'dataOpened');
    expect(opened.data.filteredOut).toBe(7);
    expect(await plan({})).toEqual([[7, 0]]);
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

    const reloaded = openLab(cut.store, cut.locks, cut.savedModels);
    const [seen] = (await reloaded.ask({ type: 'listRuns' }, 'runs')).runs;
    expect(seen).toMatchObject({ status: 'interrupted', step: 2 });
    const again = { type: 'continueRun', runId: started.run.runId, checkpointStep: 2 } as const;
    await reloaded.ask(again, 'started');
    await reloaded.next('ended');
    const last = async (store: MemoryStore, runId: string) => (await store.loadCheckpoint(runId, 3))!.parts;
    expect(await last(cut.store, started.run.runId)).toEqual(await last(whole.store, run.runId));
  });

  it('stopped during an evaluation, goes on as if it had never stopped', async () => {
    const watched = recipe({ heldOutShare: 0.3, evaluation: { every: 2, prompts: 2, answers: 2 }, checkpointEvery: 0 });
    const runOf = async (lab: ReturnType<typeof openLab>) => {
      await lab.ready();
      return (await lab.ask({ type: 'start', config: watched }, 'started')).run.runId;
    };
    const whole = openLab();
    const wholeId = await runOf(whole);
    await whole.next('ended');

    const cut = openLab();
    const runId = await runOf(cut);
    for (let seen = await cut.next('progress'); seen.phase !== 'evaluate'; ) seen = await cut.next('progress');
    cut.send({ type: 'stop' });
    await cut.lab.runEnded();
    expect(await cut.store.loadMetrics(runId)).toMatchObject([{ step: 1, 'eval/mean_length': null }]);
    await cut.ask({ type: 'continueRun', runId, checkpointStep: 1 }, 'started');
    await cut.next('ended');

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
});
