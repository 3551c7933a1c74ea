/** Dropped or picked files, sorted by name only; the worker reads the contents. */
export interface Sorted {
  readonly model: File[];
  readonly data: File[];
  /** Names that fit neither. */
  readonly unknown: string[];
}

const DATA = /\.(jsonl|ndjson)$/i;
const GGUF = /\.gguf$/i;
const FOLDER = /\.(safetensors|json|jinja)$/i;
/** Unneeded files of a checkpoint folder: other formats, documents, hidden files. */
const IGNORED =
  /(^\.|\.(md|txt|bin|pth?|onnx|h5|msgpack|gitattributes|png|jpe?g|ot|mlmodel|py|license)$|^(license|readme))/i;

/** A .gguf or the files of a Hugging Face folder are a model; .jsonl is data. */
export function sortFiles(files: readonly File[]): Sorted {
  const sorted: Sorted = { model: [], data: [], unknown: [] };
  for (const file of files) {
    if (DATA.test(file.name)) sorted.data.push(file);
    else if (GGUF.test(file.name) || FOLDER.test(file.name)) sorted.model.push(file);
    else if (files.length === 1 || !IGNORED.test(file.name)) sorted.unknown.push(file.name);
  }
  return sorted;
}

const PATHS = new WeakMap<File, string>();

/** A file's path within the folder that was dropped or chosen; its name alone otherwise. */
export const pathOf = (file: File): string => PATHS.get(file) ?? (file.webkitRelativePath || file.name);

/** All dropped files, those in folders included. Must be called before the drop handler's first await. */
export async function filesOf(transfer: DataTransfer): Promise<File[]> {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry()).filter((entry) => entry !== null);
  if (entries.length === 0) return [...transfer.files];
  return (await Promise.all(entries.map(walk))).flat();
}

async function walk(entry: FileSystemEntry): Promise<File[]> {
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject));
    PATHS.set(file, entry.fullPath.replace(/^\/+/, ''));
    return [file];
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const files: File[] = [];
  // readEntries gives at most a hundred at a time.
  for (;;) {
    const entries = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (entries.length === 0) return files;
    files.push(...(await Promise.all(entries.map(walk))).flat());
  }
}
