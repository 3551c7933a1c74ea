import { makeZip } from 'client-zip';
import type { OutputFile } from './outputFile';

/**
 * A zip archive of files of any size, made while it is read; stored, not compressed: weights do not shrink. `folder` is
 * put before each name.
 */
export function zipStream(files: readonly OutputFile[], folder = ''): ReadableStream<Uint8Array> {
  return makeZip(
    files.map((file) => ({
      name: join(folder, file.name),
      input: file.chunks(),
      ...(file.size !== null && { size: file.size }),
      lastModified: EPOCH,
    })),
  );
}

/** The same files give the same archive. */
const EPOCH = new Date(Date.UTC(2020, 0, 1));

const join = (folder: string, name: string): string => (folder === '' ? name : `${folder}/${name}`);
