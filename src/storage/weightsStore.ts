import { type ByteSource, baseName, fileSource } from '../formats/source';
import { ContentHash } from './contentHash';
import { findFolder, folderAt, namesIn, readFile, remove, writeFile } from './opfs';
import { checkName } from './runStore';
import { OtherWeights } from './storageError';

const MODELS = 'models';
const MANIFEST = 'manifest.json';
const CHUNK = 8 * 2 ** 20;

interface Manifest {
  /** ModelReport.id where it is not the folder's name: the folder was made when models had ids of another kind. */
  readonly id?: string;
  readonly name: string;
  /** ISO date. Copies of 2026 and before call it `keptAt`. */
  readonly savedAt?: string;
  readonly keptAt?: string;
  readonly files: readonly { readonly name: string; readonly bytes: number }[];
  /** Of all names and bytes (contentHash.ts). Absent in old copies. */
  readonly hash?: string;
}

export interface SavedModel {
  /** ModelReport.id */
  readonly id: string;
  readonly name: string;
  readonly savedAt: string; // ISO date
  readonly bytes: number;
}

/**
 * Saves the files of opened models in OPFS, so that a run can continue after a reload without dropping them again. A
 * model counts once its manifest is written, which comes last; reading is lazy, as from the original files.
 */
export function weightsStore(root: FileSystemDirectoryHandle) {
  const manifestOf = async (folder: FileSystemDirectoryHandle): Promise<Manifest | null> => {
    const file = await readFile(folder, MANIFEST);
    try {
      return file && (JSON.parse(await file.text()) as Manifest);
    } catch {
      return null; // cut short
    }
  };

  const write = (folder: FileSystemDirectoryHandle, manifest: Manifest) =>
    writeFile(folder, MANIFEST, [new TextEncoder().encode(JSON.stringify(manifest))]);

  /** The folder of a model: the one that is called so, or the one whose manifest says so. */
  const found = async (id: string): Promise<{ name: string; folder: FileSystemDirectoryHandle } | null> => {
    const models = await findFolder(root, [MODELS]);
    if (!models) return null;
    const own = await findFolder(models, [checkName(id)]);
    if (own) return { name: id, folder: own };
    for (const name of await namesIn(models)) {
      const folder = await findFolder(models, [name]);
      if (folder && (await manifestOf(folder))?.id === id) return { name, folder };
    }
    return null;
  };

  return {
    /**
     * Copies the files unless they are saved already, and hashes every byte on the way. Throws DiskFull, and then saves
     * nothing of them, and OtherWeights when the model that is saved under this id has other bytes.
     */
    async keep(
      id: string,
      name: string,
      files: readonly ByteSource[],
      onProgress?: (done: number, total: number) => void,
    ): Promise<void> {
      const models = await folderAt(root, [MODELS]);
      const total = files.reduce((sum, { size }) => sum + size, 0);
      const hash = new ContentHash();
      let done = 0;
      async function* chunksOf(source: ByteSource) {
        for (let at = 0; at < source.size; at += CHUNK) {
          const chunk = await source.read(at, Math.min(at + CHUNK, source.size));
          await hash.add(`${baseName(source)} ${at}`, chunk);
          yield chunk;
          done += chunk.length;
          onProgress?.(done, total);
        }
      }
      const before = await found(id);
      const known = before && (await manifestOf(before.folder));
      if (known) {
        if (!known.hash) return; // saved before copies were hashed
        for (const source of files) for await (const _ of chunksOf(source));
        if ((await hash.digest()) !== known.hash) throw new OtherWeights(name, known.name);
        return;
      }
      const folder = await folderAt(models, [checkName(id)]);
      try {
        for (const source of files) await writeFile(folder, checkName(baseName(source)), chunksOf(source));
        const manifest: Manifest = {
          name,
          savedAt: new Date().toISOString(),
          files: files.map((source) => ({ name: baseName(source), bytes: source.size })),
          hash: await hash.digest(),
        };
        await write(folder, manifest);
      } catch (error) {
        await remove(models, id);
        throw error;
      }
    },

    /** The files of a saved model; null when it is absent or incomplete. */
    async open(id: string): Promise<ByteSource[] | null> {
      const folder = (await found(id))?.folder;
      const manifest = folder && (await manifestOf(folder));
      if (!folder || !manifest) return null;
      const sources: ByteSource[] = [];
      for (const { name, bytes } of manifest.files) {
        const file = await readFile(folder, name);
        if (file?.size !== bytes) return null;
        sources.push(fileSource(file, `${manifest.name}/${name}`));
      }
      return sources;
    },

    /** A model that is saved under one id is found by another too, and listed under that. */
    async rename(from: string, to: string): Promise<void> {
      const folder = (await found(from))?.folder;
      const manifest = folder && (await manifestOf(folder));
      if (folder && manifest) await write(folder, { ...manifest, id: to });
    },

    async list(): Promise<SavedModel[]> {
      const models = await findFolder(root, [MODELS]);
      if (!models) return [];
      const saved: SavedModel[] = [];
      for (const folderName of await namesIn(models)) {
        const folder = await findFolder(models, [folderName]);
        const manifest = folder && (await manifestOf(folder));
        if (!manifest) continue;
        const { id = folderName, name, savedAt = manifest.keptAt ?? '', files } = manifest;
        saved.push({ id, name, savedAt, bytes: files.reduce((sum, { bytes }) => sum + bytes, 0) });
      }
      return saved;
    },

    async delete(id: string): Promise<void> {
      const models = await findFolder(root, [MODELS]);
      const saved = await found(id);
      if (models && saved) await remove(models, saved.name);
    },
  };
}
export type WeightsStore = ReturnType<typeof weightsStore>;

export const openWeightsStore = async (): Promise<WeightsStore> => weightsStore(await navigator.storage.getDirectory());
