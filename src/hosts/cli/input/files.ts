import { readFile } from 'node:fs/promises';
import type { ByteSource } from '../../../formats/source';
import { UsageError } from '../usage';
import { nodeFile, nodeFiles } from './nodeFiles';

/** The files of a folder, or one file. */
export const filesAt = (path: string): Promise<ByteSource[]> => found(path, () => nodeFiles(path));

export const sourceAt = (path: string): Promise<ByteSource> => found(path, () => nodeFile(path));

/** The text of a file, without the byte order mark that some editors write. */
export const textAt = async (path: string): Promise<string> =>
  (await found(path, () => readFile(path, 'utf8'))).replace(/^\ufeff/, '');

/** The text of a file that an option names; undefined without the option. */
export const optionalTextAt = async (path: string | undefined): Promise<string | undefined> =>
  path === undefined ? undefined : textAt(path);

export async function jsonAt(path: string): Promise<unknown> {
  const text = await textAt(path);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${path} is not JSON: ${(error as Error).message}`);
  }
}

/** One JSON object per line. */
export async function jsonLinesAt(path: string): Promise<unknown[]> {
  const lines = (await textAt(path)).split('\n');
  return lines.flatMap((line, i) => {
    if (line.trim() === '') return [];
    try {
      return [JSON.parse(line) as unknown];
    } catch {
      throw new UsageError(`${path} line ${i + 1} is not JSON`);
    }
  });
}

async function found<T>(path: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT') throw new UsageError(`${path} does not exist`);
    if (code === 'EACCES' || code === 'EISDIR') throw new UsageError(`${path} cannot be read (${code})`);
    throw error;
  }
}
