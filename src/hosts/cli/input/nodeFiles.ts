import { open, readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type ByteSource, checkRange } from '../../../formats/source';
import { UsageError } from '../usage';

/** A file on disk, opened for each read, so that nothing stays open. */
export async function nodeFile(path: string, name = basename(path)): Promise<ByteSource> {
  const about = await stat(path);
  if (about.isDirectory()) throw Object.assign(new Error(`${path} is a folder`), { code: 'EISDIR' });
  // A named pipe would be waited for without end.
  if (!about.isFile()) throw new UsageError(`${path} is no regular file`);
  const { size } = about;
  return {
    name,
    size,
    async read(start, end) {
      checkRange(name, size, start, end);
      const handle = await open(path);
      try {
        const bytes = new Uint8Array(end - start);
        for (let done = 0; done < bytes.length; ) {
          const { bytesRead } = await handle.read(bytes, done, bytes.length - done, start + done);
          if (bytesRead === 0) throw new RangeError(`${path} became shorter during reading`);
          done += bytesRead;
        }
        return bytes;
      } finally {
        await handle.close();
      }
    },
  };
}

/**
 * The file at `path`, or the files of the folder at `path` (without those of inner folders). Throws when neither
 * exists.
 */
export async function nodeFiles(path: string): Promise<ByteSource[]> {
  if (!(await stat(path)).isDirectory()) return [await nodeFile(path)];
  const folder = basename(path);
  const entries = await readdir(path, { withFileTypes: true });
  const files = entries.filter((entry) => !entry.isDirectory()).map(({ name }) => name);
  return Promise.all(files.sort().map((name) => nodeFile(join(path, name), `${folder}/${name}`)));
}
