import { describe, expect, it } from 'vitest';
import { DiskFull } from './storageError';
import { type MemoryFile, MemoryFolder } from './test/testOpfs';
import { about, browserOn, checkpoint, metrics, rollout, run } from './test/testRuns';

describe('in the browser', () => {
  it('a full disk is said so, and the last whole checkpoint stays', async () => {
    const disk = { free: 1500 };
    const root = new MemoryFolder(disk);
    const store = await browserOn(root);
    await store.createRun(run('a'));
    await store.saveCheckpoint('a', checkpoint(1), about);
    await expect(store.saveCheckpoint('a', checkpoint(1, 9), about)).rejects.toBeInstanceOf(DiskFull);
    await expect(store.saveCheckpoint('a', checkpoint(2), about)).rejects.toThrow(/No room to store adapter/);
    expect(await store.loadCheckpoint('a', 1)).toEqual(checkpoint(1));
    expect(await store.loadCheckpoint('a', 2)).toBeNull();
    const folder = await (await root.getDirectoryHandle('runs')).getDirectoryHandle('a');
    expect(folder.entries_.size).toBe(1);
    disk.free = 5000;
    await store.saveCheckpoint('a', checkpoint(2), about);
    expect(await store.loadCheckpoint('a', 2)).toEqual(checkpoint(2));
  });

  it('files without a record are no checkpoint and are swept; a record without its files neither', async () => {
    const root = new MemoryFolder();
    const store = await browserOn(root);
    await store.createRun(run('a'));
    await store.saveCheckpoint('a', checkpoint(1), about);
    const folder = await (await root.getDirectoryHandle('runs')).getDirectoryHandle('a');
    const begun = await folder.getDirectoryHandle('2-died', { create: true });
    await begun.getFileHandle('adapter', { create: true });
    expect(await store.loadCheckpoint('a', 2)).toBeNull();
    await store.saveCheckpoint('a', checkpoint(3), about);
    expect([...folder.entries_.keys()].map((name) => name.split('-')[0])).toEqual(['1', '3']);
    const [first] = [...folder.entries_.values()] as MemoryFolder[];
    const adapter = first!.entries_.get('adapter') as MemoryFile;
    adapter.bytes = adapter.bytes.slice(0, 10);
    await expect(store.loadCheckpoint('a', 1)).rejects.toThrow(/its part adapter has 10 bytes, 1000 were saved/);
    const changed = ([...folder.entries_.values()] as MemoryFolder[])[1]!.entries_.get('adapter') as MemoryFile;
    changed.bytes[7]! ^= 1;
    await expect(store.loadCheckpoint('a', 3)).rejects.toThrow(/step 3 is damaged: its part adapter has other bytes/);
    const damaged = (await store.loadRun('a'))!.checkpoints.map((kept) => kept.damaged !== undefined);
    expect(damaged).toEqual([true, true]);
  });

  it('another connection sees everything after a reload', async () => {
    const root = new MemoryFolder();
    const first = await browserOn(root, 'reload');
    await first.createRun(run('a'));
    await first.appendStep('a', metrics(1), [rollout(1, 'x')]);
    await first.saveCheckpoint('a', checkpoint(1), about);
    const second = await browserOn(root, 'reload');
    expect(await second.loadCheckpoint('a', 1)).toEqual(checkpoint(1));
    expect(await second.loadMetrics('a')).toEqual([metrics(1)]);
  });
});
