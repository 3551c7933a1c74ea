import { readFile } from 'node:fs/promises';
import { type Mapping, parseMapping } from '../../data/mapping';
import type { EvaluatedAnswer } from '../../domain/answerRecord';
import type { RowProblem } from '../../domain/dataReport';
import { isAdapterFile } from '../../formats/peft';
import type { ByteSource } from '../../formats/source';
import { type OpenData, openData } from '../../lab/data/openData';
import { recordedFile } from '../../lab/evaluation/auditFile';
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

/** Bad rows that are named one by one. */
const LISTED = 20;

/** Names rows that were left out. */
export function sayProblems(problems: readonly RowProblem[], what: string): void {
  for (const { file, line, reason } of problems.slice(0, LISTED))
    process.stderr.write(`${file} line ${line}: ${reason}\n`);
  if (problems.length > 0) process.stderr.write(`${problems.length} ${what} left out\n`);
}

/** For an error about a whole file: its first bad row. */
export const firstProblem = ([first]: readonly RowProblem[]): string =>
  first ? `; line ${first.line}: ${first.reason}` : '';

/** Graded answers of a file; those without their prompt find it in --data. Throws UsageError when there is none. */
export async function recordedAt(
  path: string,
  { data: paths, map }: { data?: readonly string[] | undefined; map?: string | undefined },
): Promise<{ answers: EvaluatedAnswer[]; file: string; dataName: string | null }> {
  const data = paths ? await dataAt(paths, mappingOf(map)) : null;
  const source = await sourceAt(path);
  const { answers, problems } = await recordedFile(source, data?.files ?? null);
  if (answers.length === 0) {
    const advice = data ? '' : '; does it need --data?';
    throw new UsageError(`${source.name} has no usable answer${advice}${firstProblem(problems)}`);
  }
  sayProblems(problems, 'answers');
  return { answers, file: source.name, dataName: data?.name ?? null };
}
