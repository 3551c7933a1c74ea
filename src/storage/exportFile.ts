import { newId } from '../random';
import { folderAt, namesIn, readFile, remove, writeFile } from './opfs';

const EXPORTS = 'exports';

/**
 * Writes a stream to a file on disk and returns it, so that an export may be larger than memory. Files of earlier
 * exports are removed: by then the browser has copied them to where the person wanted them, or still holds its own
 * reference. Throws DiskFull.
 */
export async function exportFile(
  chunks: AsyncIterable<Uint8Array> | ReadableStream<Uint8Array>,
  root?: FileSystemDirectoryHandle,
): Promise<File> {
  const folder = await folderAt(root ?? (await navigator.storage.getDirectory()), [EXPORTS]);
  for (const name of await namesIn(folder)) {
    // One that is being read may be locked; the next export removes it.
    await remove(folder, name).catch(() => {});
  }
  const name = newId();
  try {
    await writeFile(folder, name, chunks instanceof ReadableStream ? readerOf(chunks) : chunks);
  } catch (error) {
    await remove(folder, name);
    throw error;
  }
  return (await readFile(folder, name))!;
}

/** Safari's streams cannot be iterated yet. */
async function* readerOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader();
  for (let item = await reader.read(); !item.done; item = await reader.read()) yield item.value;
}
