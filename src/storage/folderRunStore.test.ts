import { mkdir, readdir, readFile, rename, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openFolderRunStore } from './folderRunStore';
import { about, checkpoint, metrics, rollout, run, temporary } from './test/testRuns';

describe('in folders, when the process died', () => {
  it('a checkpoint that was being written does not exist', async () => {
    const root = temporary();
    const store = openFolderRunStore(root);
    await store.createRun(run('a'));
    await store.saveCheckpoint('a', checkpoint(1), about);
    await mkdir(join(root, 'a/checkpoints/.new-step-2'));
    await writeFile(join(root, 'a/checkpoints/.new-step-2/adapter'), 'half');
    expect((await store.loadRun('a'))?.checkpoints.map(({ step }) => step)).toEqual([1]);
    expect(await store.loadCheckpoint('a', 2)).toBeNull();
    await store.saveCheckpoint('a', checkpoint(2), about);
    expect(await readdir(join(root, 'a/checkpoints'))).toEqual(['step-1', 'step-2']);
  });

  it('one that was being replaced is the old one', async () => {
    const root = temporary();
    const store = openFolderRunStore(root);
    await store.createRun(run('a'));
    await store.saveCheckpoint('a', checkpoint(1), about);
    await rename(join(root, 'a/checkpoints/step-1'), join(root, 'a/checkpoints/.old-step-1'));
    expect(await store.loadCheckpoint('a', 1)).toEqual(checkpoint(1));
  });

  it('one whose bytes changed is named when it is read, and in the list then; one saved without checksums loads', async () => {
    const root = temporary();
    const store = openFolderRunStore(root);
    const at = (step: number, name: string) => join(root, `a/checkpoints/step-${step}`, name);
    await store.createRun(run('a'));
    for (const step of [1, 2]) await store.saveCheckpoint('a', checkpoint(step), about);
    const changed = await readFile(at(2, 'adapter'));
    changed[500]! ^= 1;
    await writeFile(at(2, 'adapter'), changed);
    await expect(store.loadCheckpoint('a', 2)).rejects.toThrow(
      'The checkpoint of step 2 is damaged: its part adapter has other bytes than were saved.',
    );
    const seen = async () => (await store.loadRun('a'))!.checkpoints.map(({ damaged }) => damaged);
    expect(await seen()).toEqual([undefined, 'its part adapter has other bytes than were saved']);
    await store.saveCheckpoint('a', checkpoint(2), about);
    expect(await seen()).toEqual([undefined, undefined]);

    const older = JSON.parse(await readFile(at(1, 'about.json'), 'utf8'));
    for (const part of older.parts) delete part.sha256;
    await writeFile(at(1, 'about.json'), JSON.stringify(older));
    expect(await store.loadCheckpoint('a', 1)).toEqual(checkpoint(1));
  });

  it('one that lost bytes does not load, and a line cut short is no step', async () => {
    const root = temporary();
    const store = openFolderRunStore(root);
    await store.createRun(run('a'));
    await store.saveCheckpoint('a', checkpoint(1), about);
    await truncate(join(root, 'a/checkpoints/step-1/adapter'), 500);
    await expect(store.loadCheckpoint('a', 1)).rejects.toThrow(/its part adapter has 500 bytes, 1000 were saved/);
    await store.appendStep('a', metrics(1), []);
    await writeFile(join(root, 'a/metrics.jsonl'), `${await readFile(join(root, 'a/metrics.jsonl'))}{"step":2,"rew`);
    expect(await store.loadMetrics('a')).toEqual([metrics(1)]);
  });

  it('a step is added to the log without writing it anew, after what a killed process left of a line', async () => {
    const root = temporary();
    const log = join(root, 'a/metrics.jsonl');
    const text = () => readFile(log, 'utf8');
    const first = openFolderRunStore(root);
    await first.createRun(run('a'));
    for (const step of [1, 2]) await first.appendStep('a', metrics(step), []);
    const { ino } = await stat(log);
    await first.appendStep('a', metrics(3), []);
    expect((await stat(log)).ino).toBe(ino);
    await writeFile(log, `${await text()}{"step":4,"rew`);

    const second = openFolderRunStore(root);
    await second.appendStep('a', metrics(4), []);
    await second.appendStep('a', metrics(5), [rollout(5, 'x')]);
    expect(
      (await text())
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line).step),
    ).toEqual([1, 2, 3, 4, 5]);
    await writeFile(log, '{"step":1,"rew');
    await openFolderRunStore(root).appendStep('a', metrics(1), []);
    expect((await text()).split('\n')).toHaveLength(2);
  });

  it('a step with checks has two lines until the run ends, and its answers are written once', async () => {
    const root = temporary();
    const store = openFolderRunStore(root);
    const lines = async () => (await readFile(join(root, 'a/metrics.jsonl'), 'utf8')).split('\n').length - 1;
    await store.createRun(run('a'));
    await store.appendStep('a', metrics(1), [rollout(1, 'x')]);
    const answers = await stat(join(root, 'a/rollouts/step-1.jsonl'));
    await store.updateStep('a', { ...metrics(1), loss: 0.5 });
    await store.appendStep('a', metrics(2), []);
    expect(await lines()).toBe(3);
    expect((await store.loadMetrics('a')).map(({ step, loss }) => [step, loss])).toEqual([
      [1, 0.5],
      [2, null],
    ]);
    expect((await stat(join(root, 'a/rollouts/step-1.jsonl'))).mtimeMs).toBe(answers.mtimeMs);
    await store.updateRun('a', { status: 'finished' });
    expect(await lines()).toBe(2);
    await store.appendStep('a', metrics(3), []);
    expect((await store.loadMetrics('a')).map(({ step }) => step)).toEqual([1, 2, 3]);
  });

  it('the folder holds what the command line promises', async () => {
    const root = temporary();
    const store = openFolderRunStore(root);
    await store.createRun(run('a'));
    await store.appendStep('a', metrics(1), [rollout(1, 'x')]);
    await store.saveCheckpoint('a', checkpoint(1), about);
    expect(await readdir(join(root, 'a'))).toEqual([
      'checkpoints',
      'config.json',
      'metrics.jsonl',
      'rollouts',
      'run.json',
    ]);
    expect(await readdir(join(root, 'a/rollouts'))).toEqual(['step-1.jsonl']);
    expect(await readdir(join(root, 'a/checkpoints/step-1'))).toEqual(['about.json', 'adapter', 'state.json']);
    expect(JSON.parse(await readFile(join(root, 'a/config.json'), 'utf8'))).toEqual(run('a').config);
  });
});
