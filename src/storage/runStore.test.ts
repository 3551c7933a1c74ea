import { describe, expect, it } from 'vitest';
import type { SavedEvaluation } from '../evaluation/evaluations';
import { openFolderRunStore } from './folderRunStore';
import { checkName, type RunStore } from './runStore';
import { MemoryFolder } from './test/testOpfs';
import { about, browserOn, checkpoint, metrics, rollout, run, temporary } from './test/testRuns';

const stores: [string, () => Promise<RunStore>][] = [
  ['folders', async () => openFolderRunStore(temporary())],
  ['browser', () => browserOn(new MemoryFolder())],
];

describe.each(stores)('runs in %s', (_, open) => {
  it('are created, changed, listed newest first, and deleted with all that is theirs', async () => {
    const store = await open();
    await store.createRun(run('old', { startedAt: '2026-11-23T00:00:00.000Z' }));
    await store.createRun(run('new'));
    await expect(store.createRun(run('new'))).rejects.toThrow(/already a run new/);
    expect((await store.listRuns()).map(({ runId }) => runId)).toEqual(['new', 'old']);
    const changed = await store.updateRun('old', { status: 'paused', step: 3 });
    expect(changed).toEqual({ ...run('old', { startedAt: '2026-11-23T00:00:00.000Z' }), status: 'paused', step: 3 });
    expect(await store.loadRun('old')).toEqual(changed);
    expect(await store.loadRun('none')).toBeNull();

    await store.appendStep('old', metrics(1), [rollout(1, 'a')]);
    await store.saveCheckpoint('old', checkpoint(1), about);
    await store.saveFile('old', 'rows.jsonl', Uint8Array.of(1, 2));
    await store.deleteRun('old');
    expect((await store.listRuns()).map(({ runId }) => runId)).toEqual(['new']);
    expect(await store.loadMetrics('old')).toEqual([]);
    expect(await store.loadRollouts('old', 1)).toEqual([]);
    expect(await store.loadCheckpoint('old', 1)).toBeNull();
    expect(await store.loadFile('old', 'rows.jsonl')).toBeNull();
  });

  it('keep their steps apart and in order, and the summary with them', async () => {
    const store = await open();
    await store.createRun(run('a'));
    await store.createRun(run('ab'));
    for (const step of [1, 2, 3, 10, 11]) await store.appendStep('a', metrics(step), [rollout(step, `answer ${step}`)]);
    await store.appendStep('ab', metrics(1), []);
    expect((await store.loadMetrics('a')).map(({ step }) => step)).toEqual([1, 2, 3, 10, 11]);
    expect(await store.loadRollouts('a', 10)).toEqual([rollout(10, 'answer 10')]);
    expect(await store.loadRollouts('a', 4)).toEqual([]);
    expect(await store.loadRun('a')).toMatchObject({ step: 11, lastReward: 1.1 });
    await store.appendStep('a', metrics(3, 0.9), [rollout(3, 'again')]);
    expect((await store.loadMetrics('a'))[2]).toEqual(metrics(3, 0.9));
    expect(await store.loadRollouts('a', 3)).toEqual([rollout(3, 'again')]);
    expect((await store.loadMetrics('ab')).length).toBe(1);
  });

  it('keep checkpoints, replace those of the same step, and delete them', async () => {
    const store = await open();
    await store.createRun(run('a'));
    const saved = await store.saveCheckpoint('a', checkpoint(10), about);
    expect(saved).toMatchObject({ step: 10, bytes: 1011, reward: 0.25 });
    await store.saveCheckpoint('a', checkpoint(2), { reward: null });
    await store.saveCheckpoint('a', checkpoint(10, 77), about);
    expect((await store.loadRun('a'))?.checkpoints.map(({ step }) => step)).toEqual([2, 10]);
    expect(await store.loadCheckpoint('a', 10)).toEqual(checkpoint(10, 77));
    expect(await store.loadCheckpoint('a', 2)).toEqual(checkpoint(2));
    expect(await store.loadCheckpoint('a', 3)).toBeNull();
    await store.deleteCheckpoint('a', 10);
    expect(await store.loadCheckpoint('a', 10)).toBeNull();
    expect(await store.loadCheckpoint('a', 2)).toEqual(checkpoint(2));
  });

  it('rewind to a checkpoint', async () => {
    const store = await open();
    await store.createRun(run('a'));
    for (const step of [1, 2, 3, 4]) {
      await store.appendStep('a', metrics(step), [rollout(step, 'x')]);
      await store.saveCheckpoint('a', checkpoint(step), about);
    }
    await store.rewind('a', 2);
    expect((await store.loadMetrics('a')).map(({ step }) => step)).toEqual([1, 2]);
    expect(await store.loadRollouts('a', 3)).toEqual([]);
    expect(await store.loadRollouts('a', 2)).toHaveLength(1);
    expect((await store.loadRun('a'))?.checkpoints.map(({ step }) => step)).toEqual([1, 2]);
    expect(await store.loadCheckpoint('a', 2)).toEqual(checkpoint(2));
  });

  it('stand beside evaluations, which are listed newest first and need no run', async () => {
    const store = await open();
    const audit = (id: string, madeAt: string): SavedEvaluation => ({
      kind: 'audit',
      entry: { id, kind: 'audit', model: 'm', grader: 'g', data: 'd', madeAt, score: 0.5 },
      audit: {
        version: 1,
        kind: 'verdicts',
        file: 'f',
        reference: 'r',
        criteria: 0,
        graders: [],
        physicians: null,
        madeAt,
      },
    });
    const [old, young] = [audit('audit-1', '2026-01-01'), audit('audit-2', '2026-02-01')];
    await store.saveEvaluation(old);
    await store.saveEvaluation(young);
    expect(await store.listEvaluations()).toEqual([young.entry, old.entry]);
    expect(await store.loadEvaluation('audit-1')).toEqual(old);
    await store.deleteEvaluation('audit-1');
    expect(await store.loadEvaluation('audit-1')).toBeNull();
    expect(await store.listEvaluations()).toEqual([young.entry]);
    expect(await store.listRuns()).toEqual([]);
    await expect(store.saveEvaluation(audit('../x', ''))).rejects.toThrow(/cannot name/);
  });

  it('keep files, and name the run that is not there', async () => {
    const store = await open();
    await store.createRun(run('a'));
    await store.saveFile('a', 'rows.jsonl', Uint8Array.of(1, 2, 3));
    expect(await store.loadFile('a', 'rows.jsonl')).toEqual(Uint8Array.of(1, 2, 3));
    expect(await store.loadFile('a', 'other')).toBeNull();
    await store.createRun(run('ab'));
    for (const step of [1, 2, 10]) await store.appendLine('a', 'log.jsonl', { step });
    await store.appendLine('ab', 'log.jsonl', { step: 7 });
    expect(new TextDecoder().decode((await store.loadFile('a', 'log.jsonl'))!)).toBe(
      '{"step":1}\n{"step":2}\n{"step":10}\n',
    );
    await expect(store.appendLine('b', 'log.jsonl', {})).rejects.toThrow(/no run b/);
    await store.deleteRun('a');
    await store.createRun(run('a'));
    expect(await store.loadFile('a', 'log.jsonl')).toBeNull();
    await expect(store.appendStep('b', metrics(1), [])).rejects.toThrow(/no run b/);
    await expect(store.updateRun('b', {})).rejects.toThrow(/no run b/);
    await expect(store.saveCheckpoint('b', checkpoint(1), about)).rejects.toThrow(/no run b/);
    await expect(store.createRun(run('../b'))).rejects.toThrow(/cannot name a run/);
    const parts = new Map([['../../evil', new Uint8Array(1)]]);
    await expect(store.saveCheckpoint('a', { step: 1, parts }, about)).rejects.toThrow(/cannot name/);
    expect(await store.loadCheckpoint('a', 1)).toBeNull();
  });
});

it('allows plain names only', () => {
  for (const name of ['a', 'run 1', 'state.json', 'ü-2']) expect(checkName(name)).toBe(name);
  for (const name of ['', '.', '..', '.a', 'a/b', 'a\\b', 'a\0', 'x'.repeat(201)])
    expect(() => checkName(name)).toThrow();
});
