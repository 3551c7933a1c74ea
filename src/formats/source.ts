/**
 * Bytes that can be read in pieces: a dropped file, a file on disk (hosts/cli/input/nodeFiles.ts), or bytes in memory.
 */
export interface ByteSource {
  /** File name, with its folder's name in front where the platform tells it. */
  readonly name: string;
  /** In bytes. */
  readonly size: number;
  /** Bytes start … end − 1; throws RangeError outside 0 … size. */
  read(start: number, end: number): Promise<Uint8Array>;
}

/** Last part of a path, e.g. `model.safetensors`. */
export const baseName = (source: ByteSource): string => source.name.slice(source.name.lastIndexOf('/') + 1);

export function fileSource(file: Blob, name = pathOf(file)): ByteSource {
  return {
    name,
    size: file.size,
    async read(start, end) {
      checkRange(name, file.size, start, end);
      return new Uint8Array(await file.slice(start, end).arrayBuffer());
    },
  };
}

/** Path within the folder that was chosen, where the browser tells it. */
const pathOf = (file: Blob): string => (file instanceof File ? file.webkitRelativePath || file.name : 'unnamed');

export function bytesSource(name: string, bytes: Uint8Array): ByteSource {
  return {
    name,
    size: bytes.length,
    async read(start, end) {
      checkRange(name, bytes.length, start, end);
      return bytes.slice(start, end);
    },
  };
}

export function checkRange(name: string, size: number, start: number, end: number): void {
  if (!(start >= 0 && start <= end && end <= size)) {
    throw new RangeError(`${name}: bytes ${start} to ${end} asked, the file has ${size}`);
  }
}

export const readText = async (source: ByteSource): Promise<string> =>
  new TextDecoder('utf-8', { fatal: true }).decode(await source.read(0, source.size));
