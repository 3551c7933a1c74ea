import { type ByteSource, baseName, fileSource } from '../formats/source';
import { findFolder, folderAt, namesIn, readFile, remove, writeFile } from './opfs';
import { checkName } from './runStore';

const MODELS = 'models';
const MANIFEST = 'manifest.json';
const CHUNK = 8 * 2 ** 20;

interface Manifest {
  readonly name: string;
  readonly keptAt: string; // ISO date
  readonly files: readonly { readonly name: string; readonly bytes: number }[];
}

export interface SavedModel {
  /** ModelReport.id */
  readonly id: string;
  readonly name: string;
  readonly keptAt: string; // ISO date
  readonly bytes: number;
}

/**
 * Keeps the files of opened models in OPFS, so that a reloaded page can go on without having them dropped again. A model counts once its
 * manifest is written, which comes last; reading is lazy, as from the original files.
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

  return {
    /** Copies the files unless they are kept already. Throws DiskFull, and then keeps nothing of them. */
    async keep(
      id: string,
      name: string,
      files: readonly ByteSource[],
      onProgress?: (done: number, total: number) => void,
    ): Promise<void> {
      const models = await folderAt(root, [MODELS]);
      const folder = await folderAt(models, [checkName(id)]);
      if (await manifestOf(folder)) return;
      const total = files.reduce((sum, { size }) => sum + size, 0);
      let done = 0;
      async function* chunksOf(source: ByteSource) {
        for (let at = 0; at < source.size; at += CHUNK) {
          const chunk = await source.read(at, Math.min(at + CHUNK, source.size));
          yield chunk;
          done += chunk.length;
          onProgress?.(done, total);
        }
      }
      try {
        for (const source of files) await writeFile(folder, checkName(baseName(source)), chunksOf(source));
        const manifest: Manifest = {
          name,
          keptAt: new Date().toISOString(),
          files: files.map((source) => ({ name: baseName(source), bytes: source.size })),
        };
        await writeFile(folder, MANIFEST, [new TextEncoder().encode(JSON.stringify(manifest))]);
      } catch (error) {
        await remove(models, id);
        throw error;
      }
    },

    /** The files of a kept model; null when it is not there or not whole. */
    async open(id: string): Promise<ByteSource[] | null> {
      const folder = await findFolder(root, [MODELS, checkName(id)]);
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

    async list(): Promise<SavedModel[]> {
      const models = await findFolder(root, [MODELS]);
      if (!models) return [];
      const kept: SavedModel[] = [];
      for (const id of await namesIn(models)) {
        const folder = await findFolder(models, [id]);
        const manifest = folder && (await manifestOf(folder));
        if (!manifest) continue;
        const { name, keptAt, files } = manifest;
        kept.push({ id, name, keptAt, bytes: files.reduce((sum, { bytes }) => sum + bytes, 0) });
      }
      return kept;
    },

    async delete(id: string): Promise<void> {
      const models = await findFolder(root, [MODELS]);
      if (models) await remove(models, checkName(id));
    },
  };
}
export type WeightsStore = ReturnType<typeof weightsStore>;

export const openWeightsStore = async (): Promise<WeightsStore> => weightsStore(await navigator.storage.getDirectory());
