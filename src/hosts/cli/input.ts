import { readFile } from 'node:fs/promises';
import { type Mapping, parseMapping } from '../../data/mapping';
import { isAdapterFile } from '../../formats/peft';
import type { ByteSource } from '../../formats/source';
import { type OpenData, openData } from '../../lab/data/openData';
import { type OpenModel, openModel } from '../../lab/models/openModel';
import { nodeFile, nodeFiles } from './nodeFiles';
import { UsageError } from './usage';

/** The files of a folder, or one file. */
export const filesAt = (path: string): Promise<ByteSource[]> => found(path, () => nodeFiles(path));

/** A model from a folder or a GGUF file; the PEFT adapter in another folder, if one is named, becomes part of its weights. */
export async function modelAt(path: string, adapter?: string): Promise<OpenModel> {
  const files = await filesAt(path);
  if (adapter === undefined) return openModel(files, { builtIn: false });
  const added = (await filesAt(adapter)).filter(isAdapterFile);
  if (added.length === 0) throw new UsageError(`${adapter} holds no adapter: adapter_config.json is missing`);
  const opened = await openModel([...files.filter((file) => !isAdapterFile(file)), ...added], { builtIn: false });
  const { adapter: found } = opened.report;
  if (found?.sameName === false) {
    process.stderr.write(`note: the adapter says that it was made for ${found.madeFor}; its sizes fit ${path} too\n`);
  }
  return opened;
}

export const sourceAt = (path: string): Promise<ByteSource> => found(path, () => nodeFile(path));

/** HealthBench JSONL, or by a mapping any other rubric file. */
export async function dataAt(paths: readonly string[], mapping?: Mapping): Promise<OpenData> {
  const sources: ByteSource[] = [];
  for (const path of paths) sources.push(await sourceAt(path));
  return openData(sources, { builtIn: false, mapping });
}

/** --map as a mapping; undefined when it was not given. */
export function mappingOf(text: string | undefined): Mapping | undefined {
  if (text === undefined) return undefined;
  try {
    return parseMapping(text);
  } catch (error) {
    throw new UsageError(`--map: ${(error as Error).message}`);
  }
}

/** The text of a file, without the byte order mark that some editors put before it. */
export const textAt = async (path: string): Promise<string> =>
  (await found(path, () => readFile(path, 'utf8'))).replace(/^\ufeff/, '');

export async function jsonAt(path: string): Promise<unknown> {
  const text = await textAt(path);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${path} is not JSON: ${(error as Error).message}`);
  }
}

/** One JSON object a line. */
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
