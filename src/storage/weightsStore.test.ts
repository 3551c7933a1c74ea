import { expect, it } from 'vitest';
import { bytesSource } from '../formats/source';
import { exportFile } from './exportFile';
import { folderAt, writeFile } from './opfs';
import { DiskFull, OtherWeights } from './storageError';
import { asDirectoryHandle, MemoryFolder } from './test/testOpfs';
import { weightsStore } from './weightsStore';

const files = [
  bytesSource('SmolLM2/config.json', new Uint8Array(10).fill(1)),
  bytesSource('SmolLM2/model.safetensors', new Uint8Array(9 * 2 ** 20).fill(2)),
];
const open = (root: MemoryFolder) => weightsStore(asDirectoryHandle(root));

it('keeps a model and opens it again after a reload', async () => {
  const root = new MemoryFolder();
  const progress: number[] = [];
  await open(root).keep('id1', 'SmolLM2', files, (done) => progress.push(done));
  expect(progress).toEqual([10, 10 + 8 * 2 ** 20, 10 + 9 * 2 ** 20]);
  const sources = (await open(root).open('id1'))!;
  expect(sources.map(({ name, size }) => ({ name, size }))).toEqual(files.map(({ name, size }) => ({ name, size })));
  expect(await sources[1]!.read(100, 103)).toEqual(Uint8Array.of(2, 2, 2));
  expect(await open(root).list()).toMatchObject([{ id: 'id1', name: 'SmolLM2', bytes: 10 + 9 * 2 ** 20 }]);
  await open(root).delete('id1');
  expect(await open(root).open('id1')).toBeNull();
  expect(await open(root).list()).toEqual([]);
});

it('keeps nothing of a model when the disk is full or a copy was cut short', async () => {
  const disk = { free: 2 ** 20 };
  const root = new MemoryFolder(disk);
  await expect(open(root).keep('id1', 'SmolLM2', files)).rejects.toBeInstanceOf(DiskFull);
  expect(await open(root).open('id1')).toBeNull();
  const models = await root.getDirectoryHandle('models');
  expect(models.entries_.size).toBe(0);

  disk.free = Number.POSITIVE_INFINITY;
  const begun = await models.getDirectoryHandle('id2', { create: true });
  await begun.getFileHandle('config.json', { create: true });
  expect(await open(root).open('id2')).toBeNull();
  expect(await open(root).list()).toEqual([]);
  await open(root).keep('id2', 'SmolLM2', files);
  expect(await open(root).open('id2')).toHaveLength(2);

  await open(root).keep('id3', 'SmolLM2', files);
  const copy = await (await models.getDirectoryHandle('id3')).getFileHandle('model.safetensors');
  copy.bytes = copy.bytes.slice(0, -1);
  expect(await open(root).open('id3')).toBeNull();
});

it('lists the models after one whose manifest is damaged', async () => {
  const root = new MemoryFolder();
  for (const id of ['a', 'b']) await open(root).keep(id, 'SmolLM2', files);
  const models = await root.getDirectoryHandle('models');
  await (await models.getDirectoryHandle('a')).removeEntry('manifest.json');
  expect(await open(root).list()).toMatchObject([{ id: 'b' }]);
});

it('refuses a model of the same id whose bytes differ anywhere, and takes the same files again', async () => {
  const root = new MemoryFolder();
  const [config, weights] = files;
  await open(root).keep('id1', 'SmolLM2', files);
  const bytes = await weights!.read(0, weights!.size);
  bytes[5_000_001]! ^= 1;
  const other = [config!, bytesSource(weights!.name, bytes)];
  await expect(open(root).keep('id1', 'a fine-tune', other)).rejects.toThrow(OtherWeights);
  await open(root).keep('id1', 'SmolLM2', files);
  expect(await open(root).list()).toMatchObject([{ id: 'id1', name: 'SmolLM2' }]);
});

it('finds a model by the id that it was given later, and deletes it by that', async () => {
  const root = new MemoryFolder();
  await open(root).keep('former', 'SmolLM2', files);
  await open(root).rename('former', 'w-new');
  expect(await open(root).list()).toMatchObject([{ id: 'w-new' }]);
  for (const id of ['former', 'w-new']) expect(await open(root).open(id)).toHaveLength(2);
  await open(root).keep('w-new', 'SmolLM2', files); // no second copy
  expect((await root.getDirectoryHandle('models')).entries_.size).toBe(1);
  await open(root).delete('w-new');
  expect(await open(root).list()).toEqual([]);
});

it('lists an older copy, whose manifest calls the date `keptAt`', async () => {
  const root = new MemoryFolder();
  const folder = await folderAt(asDirectoryHandle(root), ['models', 'old']);
  const manifest = { name: 'SmolLM2', keptAt: '2026-11-01T00:00:00.000Z', files: [] };
  await writeFile(folder, 'manifest.json', [new TextEncoder().encode(JSON.stringify(manifest))]);
  expect(await open(root).list()).toEqual([
    { id: 'old', name: 'SmolLM2', savedAt: '2026-11-01T00:00:00.000Z', bytes: 0 },
  ]);
});

it('writes an export to disk and removes the one before', async () => {
  const root = new MemoryFolder();
  const write = (fill: number) =>
    exportFile(new Blob([new Uint8Array(100_000).fill(fill)]).stream(), asDirectoryHandle(root));
  expect((await write(1)).size).toBe(100_000);
  const second = new Uint8Array(await (await write(2)).arrayBuffer());
  expect(second.every((byte) => byte === 2)).toBe(true);
  expect((await root.getDirectoryHandle('exports')).entries_.size).toBe(1);
});
