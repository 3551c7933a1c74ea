import { orDiskFull } from './storageError';

/**
 * Files of the origin's private file system (OPFS). Nothing here is atomic by itself: write under a name that nobody
 * reads, then commit by a record that says that the file is whole (browserRunStore.ts, weightsStore.ts).
 */
export async function folderAt(
  root: FileSystemDirectoryHandle,
  path: readonly string[],
): Promise<FileSystemDirectoryHandle> {
  let folder = root;
  for (const name of path) folder = await folder.getDirectoryHandle(name, { create: true });
  return folder;
}

/** The same folder when it is there, else null. */
export async function findFolder(
  root: FileSystemDirectoryHandle,
  path: readonly string[],
): Promise<FileSystemDirectoryHandle | null> {
  let folder = root;
  for (const name of path) {
    const next = await orMissing(folder.getDirectoryHandle(name));
    if (!next) return null;
    folder = next;
  }
  return folder;
}

/** Writes a file and waits until it is on disk; returns its size in bytes. Throws DiskFull. */
export async function writeFile(
  folder: FileSystemDirectoryHandle,
  name: string,
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): Promise<number> {
  return orDiskFull(name, async () => {
    const handle = await folder.getFileHandle(name, { create: true });
    const out = await openForWriting(handle);
    let size = 0;
    try {
      for await (const chunk of chunks) {
        await out.write(chunk, size);
        size += chunk.length;
      }
    } finally {
      await out.close();
    }
    return size;
  });
}

export async function readFile(folder: FileSystemDirectoryHandle, name: string): Promise<File | null> {
  const handle = await orMissing(folder.getFileHandle(name));
  return handle ? handle.getFile() : null;
}

/** Removes a file or a folder with all that is in it; one that is not there is fine. */
export async function remove(folder: FileSystemDirectoryHandle, name: string): Promise<void> {
  await orMissing(folder.removeEntry(name, { recursive: true }));
}

/** Names in a folder. */
export async function namesIn(folder: FileSystemDirectoryHandle): Promise<string[]> {
  const names: string[] = [];
  for await (const name of folder.keys()) names.push(name);
  return names.sort();
}

/**
 * The part of FileSystemSyncAccessHandle that is used here; TypeScript's DOM library leaves it to its worker library.
 */
interface SyncAccess {
  write(bytes: BufferSource, options: { at: number }): number;
  truncate(size: number): void;
  flush(): void;
  close(): void;
}
type WorkerFileHandle = FileSystemFileHandle & { createSyncAccessHandle?(): Promise<SyncAccess> };

interface Output {
  write(chunk: Uint8Array, at: number): void | Promise<void>;
  close(): void | Promise<void>;
}

/** A synchronous handle in workers, where every browser has it, else a writable stream. */
async function openForWriting(handle: WorkerFileHandle): Promise<Output> {
  if (handle.createSyncAccessHandle) {
    const access = await handle.createSyncAccessHandle();
    access.truncate(0);
    return {
      write(chunk, at) {
        // A full disk shows as fewer bytes written in some browsers, and as an error in others.
        if (access.write(chunk as BufferSource, { at }) < chunk.length) {
          throw new DOMException('fewer bytes were written than asked', 'QuotaExceededError');
        }
      },
      close() {
        access.flush();
        access.close();
      },
    };
  }
  const stream = await handle.createWritable();
  return { write: (chunk) => stream.write(chunk as BufferSource), close: () => stream.close() };
}

async function orMissing<T>(promise: Promise<T>): Promise<T | null> {
  try {
    return await promise;
  } catch (error) {
    if (error instanceof Error && error.name === 'NotFoundError') return null;
    throw error;
  }
}
