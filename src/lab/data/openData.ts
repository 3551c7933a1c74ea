import { dataReport } from '../../data/dataReportOf';
import type { Mapping } from '../../data/mapping';
import { type ParsedFile, parseFile } from '../../data/parse';
import { assertDisjoint, DataError, type Split, splitExamples } from '../../data/split';
import type { DataReport, RowProblem } from '../../domain/dataReport';
import { type Filter, NO_FILTER, questionLeftOut } from '../../domain/filter';
import type { RubricsConfig } from '../../domain/recipe/rubrics';
import type { ByteSource } from '../../formats/source';

/** Data files read to their end. How they are split depends on a run's seed. */
export interface OpenData {
  readonly name: string;
  readonly files: readonly ParsedFile[];
  readonly builtIn: boolean;
}

/** What of a recipe decides which examples are trained on and which are held out. */
export interface SplitOptions {
  readonly seed: number;
  readonly heldOutShare: number;
  readonly rubrics?: Pick<RubricsConfig, 'write'>;
  readonly filter?: Filter;
}

/** The split that the data card shows before there is a recipe: the defaults of Recipe. */
export const DEFAULT_SPLIT: SplitOptions = { seed: 1, heldOutShare: 0.1 };

/** Equal for options that say the same of any data. */
export const splitKey = ({ seed, heldOutShare, rubrics, filter = NO_FILTER }: SplitOptions): string =>
  JSON.stringify([seed, heldOutShare, (rubrics?.write ?? 'never') !== 'never', filter]);

const CHUNK_BYTES = 1 << 20;

/** The bytes of a file in order, a piece at a time. */
export async function* chunksOf(source: ByteSource, onRead?: (bytes: number) => void): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < source.size; at += CHUNK_BYTES) {
    const chunk = await source.read(at, Math.min(source.size, at + CHUNK_BYTES));
    onRead?.(chunk.length);
    yield chunk;
  }
}

/** Reads HealthBench JSONL files. Throws DataError when there is nothing to train on. */
export async function openData(
  sources: readonly ByteSource[],
  options: {
    builtIn: boolean;
    mapping?: Mapping | undefined;
    onProgress?: (bytes: number, total: number) => void;
  },
): Promise<OpenData> {
  const { builtIn, mapping, onProgress } = options;
  const total = sources.reduce((sum, { size }) => sum + size, 0);
  let read = 0;
  const files: ParsedFile[] = [];
  for (const source of sources) {
    const chunks = chunksOf(source, (bytes) => {
      read += bytes;
      onProgress?.(read, total);
    });
    files.push(await parseFile(source.name, chunks, { mapping }));
  }
  const name = builtIn ? 'Built-in sample' : files.map((file) => file.name).join(' + ');
  if (files.length > 0 && files.every(({ kind }) => kind === 'metaEval')) {
    throw new DataError(`${name} is a meta-evaluation file: it has graded answers but no rubrics to train on.`);
  }
  if (files.every(({ examples, withoutRubric }) => examples.length + withoutRubric.length === 0)) {
    const [first] = files.flatMap(({ problems }) => problems);
    const why = first ? ` Line ${first.line}: ${first.reason}.` : ' The file is empty.';
    throw new DataError(`${name} has no usable example.${why}`);
  }
  return { name, files, builtIn };
}

/** Data as a run's recipe splits and filters it. */
export interface SplitData {
  readonly split: Split;
  readonly report: DataReport;
  /** The report without rows that turned out to be unusable later, such as prompts too long for the model. */
  readonly reportWithout: (rows: readonly RowProblem[]) => DataReport;
}

/**
 * Split and report under a run's seed. Prompts without a rubric are trained on when the recipe has rubrics written;
 * nothing can be held against them, so none is held out. The filter is applied before the split; it may leave nothing,
 * which `nothingPasses` says in words.
 */
export function reportData({ files, name, builtIn }: OpenData, options: SplitOptions): SplitData {
  const { filter = NO_FILTER } = options;
  const split = splitExamples(files, options);
  // The filter does not decide which file is trained on.
  const unfiltered = split.filteredOut.size === 0 ? split : splitExamples(files, { ...options, filter: NO_FILTER });
  const trainedOn = new Set(unfiltered.train.map(({ file }) => file));
  const bare = files
    .filter(({ name: file }) => trainedOn.size === 0 || trainedOn.has(file))
    .flatMap(({ withoutRubric }) => withoutRubric.filter(({ hard }) => hard !== true));
  const written = (options.rubrics?.write ?? 'never') !== 'never';
  const filteredOut = new Set(split.filteredOut);
  const unwritten = (written ? bare : []).filter(({ example }) => {
    const passes = questionLeftOut(example, filter) === null;
    if (!passes) filteredOut.add(example.promptId);
    return passes;
  });
  const whole = { ...split, train: [...split.train, ...unwritten], filteredOut };
  assertDisjoint(whole);
  const reportWithout = (rows: readonly RowProblem[]) => {
    const left = new Set(rows.map(({ file, line }) => `${file} ${line}`));
    const keep = (list: Split['train']) => list.filter(({ file, line }) => !left.has(`${file} ${line}`));
    const used = { ...whole, train: keep(whole.train), heldOut: keep(whole.heldOut) };
    const more = [...rows, ...(written ? [] : bare.map(noRubric))];
    return dataReport(files, used, { name, sample: builtIn, more, filter, bare: written ? bare : [] });
  };
  return { split: whole, report: reportWithout([]), reportWithout };
}

const noRubric = ({ file, line }: Split['train'][number]): RowProblem => ({
  file,
  line,
  reason: 'no rubric: used only by a recipe that has rubrics written',
});
