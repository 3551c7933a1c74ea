/**
 * An origin private file system in memory, for tests only: the calls that opfs.ts makes, with a size limit that can be
 * reached.
 */
export class MemoryFolder {
  readonly kind = 'directory';
  readonly entries_ = new Map<string, MemoryFolder | MemoryFile>();
  constructor(private readonly disk: { free: number } = { free: Number.POSITIVE_INFINITY }) {}

  async getDirectoryHandle(name: string, { create = false } = {}): Promise<MemoryFolder> {
    const found = this.entries_.get(name);
    if (found instanceof MemoryFolder) return found;
    if (!create) throw new DOMException(name, 'NotFoundError');
    const made = new MemoryFolder(this.disk);
    this.entries_.set(name, made);
    return made;
  }

  async getFileHandle(name: string, { create = false } = {}): Promise<MemoryFile> {
    const found = this.entries_.get(name);
    if (found instanceof MemoryFile) return found;
    if (!create) throw new DOMException(name, 'NotFoundError');
    const made = new MemoryFile(this.disk);
    this.entries_.set(name, made);
    return made;
  }

  async removeEntry(name: string): Promise<void> {
    if (!this.entries_.delete(name)) throw new DOMException(name, 'NotFoundError');
  }

  async *keys(): AsyncGenerator<string> {
    yield* [...this.entries_.keys()];
  }
}

export class MemoryFile {
  readonly kind = 'file';
  bytes = new Uint8Array(0);
  constructor(private readonly disk: { free: number }) {}

  async getFile(): Promise<File> {
    return new File([this.bytes], 'file');
  }

  async createSyncAccessHandle() {
    return {
      truncate: (size: number) => {
        this.bytes = this.bytes.slice(0, size);
      },
      write: (chunk: Uint8Array, { at }: { at: number }) => {
        const written = Math.min(chunk.length, this.disk.free);
        this.disk.free -= written;
        const grown = new Uint8Array(Math.max(this.bytes.length, at + written));
        grown.set(this.bytes);
        grown.set(chunk.subarray(0, written), at);
        this.bytes = grown;
        return written;
      },
      flush: () => {},
      close: () => {},
    };
  }
}

export const asDirectoryHandle = (folder: MemoryFolder): FileSystemDirectoryHandle =>
  folder as unknown as FileSystemDirectoryHandle;
