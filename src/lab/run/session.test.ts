import { describe, expect, it } from 'vitest';
import { DeviceLost } from '../../gpu/gpu';
import type { LanguageModel } from '../../model/languageModel';
import { DiskFull } from '../../storage/storageError';
import { FakeModel, identity, MemoryStore, testRun, testSession } from '../test/testLab';
import { restoreCheckpoint } from './checkpointState';

async function begun(change = {}) {
  const store = new MemoryStore();
  const run = testRun(change);
  await store.createRun(run);
  return { store, run };
}
const timeless = (metrics: object) =>
  Object.fromEntries(Object.entries(metrics).filter(([key]) => !key.includes('time')));

describe('a run', () => {
  it('finishes, keeps every step, and saves every N steps and at the end', async () => {
    const { store, run } = await begun({ steps: 5 });
    const { session, of, closed } = testSession(run, store);
    const end = await session.drive();
    expect(end).toMatchObject({ status: 'finished', step: 5 });
    expect(closed.times).toBe(1);
    expect(of('step').map(({ metrics }) => metrics.step)).toEqual([1, 2, 3, 4, 5]);
    expect(of('checkpointSaved').map(({ checkpoint }) => checkpoint.step)).toEqual([2, 4, 5]);
    expect(await store.loadMetrics('run-a')).toHaveLength(5);
    expect(await store.loadRollouts('run-a', 3)).toHaveLength(4);
    expect(store.runs.get('run-a')).toMatchObject({ status: 'finished', step: 5 });
    expect(of('ended')[0]!.run.checkpoints.map(({ step }) => step)).toEqual([2, 4, 5]);
  });

  it('goes on from a checkpoint exactly as if it had never stopped', async () => {
    const whole = await begun();
    await testSession(whole.run, whole.store).session.drive();

    const cut = await begun();
    const first = testSession(cut.run, cut.store);
    const third = first
      .next('step')
      .then(() => first.next('step'))
      .then(() => first.next('step'));
    const driven = first.session.drive();
    await third; // killed in step 4: what lies after checkpoint 2 is made anew
    first.session.stop();
    await driven;

    const model = new FakeModel();
    await restoreCheckpoint(
      model as unknown as LanguageModel,
      (await cut.store.loadCheckpoint('run-a', 2))!,
      identity('fake-id'),
    );
    await cut.store.rewind('run-a', 2);
    const resumed = testSession({ ...cut.run, step: 2 }, cut.store, model);
    await resumed.session.drive();

    const [a, b] = [await whole.store.loadMetrics('run-a'), await cut.store.loadMetrics('run-a')];
    expect(b.map(timeless)).toEqual(a.map(timeless));
    expect(await cut.store.loadRollouts('run-a', 6)).toEqual(await whole.store.loadRollouts('run-a', 6));
    const last = async (store: MemoryStore) => (await store.loadCheckpoint('run-a', 6))!.parts;
    expect(await last(cut.store)).toEqual(await last(whole.store));
  });

  it('refuses a checkpoint of another model', async () => {
    const { store, run } = await begun({ steps: 1 });
    await testSession(run, store).session.drive();
    const model = new FakeModel() as unknown as LanguageModel;
    const restored = restoreCheckpoint(model, (await store.loadCheckpoint('run-a', 1))!, identity('other'));
    await expect(restored).rejects.toThrow(/another model \(fake-id\) than other \(other\)/);
  });
});

describe('pause, resume, step and stop', () => {
  it('pauses at a step boundary with a checkpoint, steps once, resumes', async () => {
    const { store, run } = await begun({ checkpointEvery: 0 });
    const { session, next, of } = testSession(run, store);
    const firstStep = next('step');
    const driven = session.drive();
    await firstStep;
    const paused = next('paused');
    session.pause();
    const { step } = await paused;
    expect(store.runs.get('run-a')!.status).toBe('paused');
    expect(of('checkpointSaved').at(-1)!.checkpoint.step).toBe(step);

    const again = next('paused');
    session.stepOnce();
    expect((await again).step).toBe(step + 1);
    expect(of('resumed')).toHaveLength(1);

    session.resume();
    expect((await driven).status).toBe('finished');
    expect(of('step').map(({ metrics }) => metrics.step)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('takes a pause back that has not come about yet', async () => {
    const { store, run } = await begun({ checkpointEvery: 0 });
    const { session, next, of } = testSession(run, store);
    const first = next('step');
    const driven = session.drive();
    await first;
    session.pause();
    session.resume();
    expect(of('resumed')).toHaveLength(1);
    expect((await driven).status).toBe('finished');
    expect(of('paused')).toEqual([]);
  });

  it('stops within a step, gives it up, and saves', async () => {
    const { store, run } = await begun({ steps: 1000, checkpointEvery: 0 });
    const { session, next, of } = testSession(run, store);
    const second = next('step').then(() => next('step'));
    const driven = session.drive();
    await second;
    session.stop();
    const end = await driven;
    expect(end.status).toBe('stopped');
    expect(of('checkpointSaved').map(({ checkpoint }) => checkpoint.step)).toEqual([end.step]);
    expect(of('failed')).toEqual([]);
  });

  it('stops while paused', async () => {
    const { store, run } = await begun();
    const { session, next } = testSession(run, store);
    const paused = next('paused');
    session.pause();
    const driven = session.drive();
    await paused;
    session.stop();
    expect((await driven).status).toBe('stopped');
  });

  it('saves when asked to', async () => {
    const { store, run } = await begun({ checkpointEvery: 0 });
    const { session, next } = testSession(run, store);
    const saved = next('checkpointSaved');
    session.save();
    const driven = session.drive();
    expect((await saved).checkpoint.step).toBe(1);
    await driven;
  });
});

describe('trouble', () => {
  it('stops on a loss that is not a number, keeps the last good checkpoint, and says which and where', async () => {
    const { store, run } = await begun();
    const model = new FakeModel();
    model.spoilAt = 4;
    const { session, of, closed } = testSession(run, store, model);
    expect((await session.drive()).status).toBe('failed');
    expect(closed.times).toBe(1);
    expect(of('failed')[0]!.failure).toMatchObject({
      kind: 'notFinite',
      runId: 'run-a',
      message: expect.stringMatching(/loss .* step 4/),
    });
    expect([...store.checkpoints.get('run-a')!.keys()]).toEqual([2]);
    expect(of('ended')).toEqual([]);
  });

  it('ends when the disk is full, and names the last checkpoint', async () => {
    const { store, run } = await begun({ steps: 50 });
    const { session, next, of } = testSession(run, store);
    next('checkpointSaved').then(() => {
      store.full = new DiskFull('step 3');
    });
    const ended = await session.drive();
    expect(ended.status).toBe('diskFull');
    expect(ended.step).toBeLessThan(6);
    expect(store.runs.get('run-a')!.status).toBe('diskFull');
    expect(of('ended')).toEqual([]);
    expect(of('failed').map(({ failure }) => failure)).toMatchObject([
      {
        kind: 'diskFull',
        message: `Stopped at step ${ended.step}: disk full. No room to store step 3.`,
        advice: 'Make room, then continue from step 2, the last saved checkpoint.',
      },
    ]);
  });

  it('is not finished when its last checkpoint found no room', async () => {
    const { store, run } = await begun({ steps: 1 });
    const { session, of } = testSession(run, store);
    store.saveCheckpoint = () => Promise.reject(new DiskFull('the checkpoint of step 1'));
    expect((await session.drive()).status).toBe('diskFull');
    expect(of('failed')[0]!.failure.advice).toBe('Make room, then start the run anew: no checkpoint was saved.');
  });

  it('offers to go on after the device was lost', async () => {
    const { store, run } = await begun({ steps: 1000 });
    const { session, next, of, lose } = testSession(run, store);
    next('step').then(() => lose(new DeviceLost('gone')));
    expect((await session.drive()).status).toBe('interrupted');
    expect(of('failed')[0]!.failure).toMatchObject({ kind: 'deviceLost', runId: 'run-a' });
    expect(store.runs.get('run-a')!.status).toBe('interrupted');
  });

  it('says at once that the device was lost while the run was paused', async () => {
    const { store, run } = await begun();
    const { session, next, of, lose } = testSession(run, store);
    const paused = next('paused');
    session.pause();
    const driven = session.drive();
    await paused;
    lose(new DeviceLost('gone'));
    expect((await driven).status).toBe('interrupted');
    expect(of('failed').map(({ failure }) => failure.kind)).toEqual(['deviceLost']);
    expect(store.runs.get('run-a')!.status).toBe('interrupted');
  });

  it('reports a device that is lost while the run is being saved after a stop, and never throws', async () => {
    const { store, run } = await begun({ steps: 1000, checkpointEvery: 0 });
    const model = new FakeModel();
    model.saveTrainable = () => Promise.reject(new DeviceLost('gone'));
    const { session, next, of } = testSession(run, store, model);
    const first = next('step');
    const driven = session.drive();
    await first;
    session.stop();
    expect((await driven).status).toBe('interrupted');
    expect(of('failed').map(({ failure }) => failure.kind)).toEqual(['deviceLost']);
  });

  it('gives up the step under way when the device is lost', async () => {
    const { store, run } = await begun({ steps: 1000 });
    const model = new FakeModel();
    const signals: (AbortSignal | undefined)[] = [];
    const generate = model.generate.bind(model);
    model.generate = (requests, options, context) => {
      signals.push(context?.signal);
      return generate(requests, options, context);
    };
    const { session, next, lose } = testSession(run, store, model);
    next('step').then(() => lose(new DeviceLost('gone')));
    await session.drive();
    expect(signals.at(-1)?.aborted).toBe(true);
  });

  it('saves again what was deleted while it was paused', async () => {
    const { store, run } = await begun({ checkpointEvery: 0 });
    const { session, next, of } = testSession(run, store);
    const paused = next('paused');
    session.pause();
    const driven = session.drive();
    const { step } = await paused;
    await store.deleteCheckpoint('run-a', step);
    session.forgetCheckpoint(step);
    session.stop();
    expect((await driven).checkpoints.map((kept) => kept.step)).toEqual([step]);
    expect(of('checkpointSaved')).toHaveLength(2);
  });

  it('goes on when nothing can be graded: no reward, advantages of 0, every answer kept', async () => {
    const { store, run } = await begun({ steps: 2 });
    const model = new FakeModel();
    model.score = async (requests, candidates) =>
      requests.map(() => new Float32Array(candidates.length).fill(Number.NaN));
    const { session, of } = testSession(run, store, model);
    expect((await session.drive()).status).toBe('finished');
    expect(of('step').map(({ metrics }) => [metrics.reward, metrics['grader/ungraded']])).toEqual([
      [null, 1],
      [null, 1],
    ]);
    const rollouts = await store.loadRollouts('run-a', 2);
    expect(rollouts.map(({ reward, advantage }) => [reward, advantage])).toEqual(new Array(4).fill([null, 0]));
    expect(of('failed')).toEqual([]);
  });
});
