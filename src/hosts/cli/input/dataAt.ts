import { z } from 'zod';
import { changesOf } from '../../../data/dataReportOf';
import { type Mapping, parseMapping } from '../../../data/mapping';
import type { RowProblem } from '../../../domain/dataReport';
import type { Example } from '../../../domain/example';
import type { Rollout } from '../../../domain/rollout';
import type { LabelledAnswers } from '../../../evaluation/auditSummary';
import { type OpenData, openData } from '../../../lab/data/openData';
import { labelsOf, physicianLabels, recordedFile } from '../../../lab/evaluation/auditFile';
import type { RecordedGrades } from '../../../lab/evaluation/recordedGrades';
import { givenAnswer } from '../../../rl/evaluate';
import { printChanges, printProblems } from '../print/problems';
import { UsageError } from '../usage';
import { jsonLinesAt, sourceAt } from './files';

interface DataOptions {
  readonly data?: readonly string[] | undefined;
  readonly map?: string | undefined;
}

/** --map as a mapping; undefined without it. Throws UsageError, so that a mistake shows before anything is opened. */
export function mappingOf(text: string | undefined): Mapping | undefined {
  if (text === undefined) return undefined;
  try {
    return parseMapping(text);
  } catch (error) {
    throw new UsageError(`--map: ${(error as Error).message}`);
  }
}

/** Rubric files: HealthBench JSONL, or another layout with a mapping. */
export async function dataAt(paths: readonly string[], mapping?: Mapping): Promise<OpenData> {
  const sources = await Promise.all(paths.map(sourceAt));
  const data = await openData(sources, { builtIn: false, mapping });
  printChanges(changesOf(data.files));
  return data;
}

/** The examples of all files, in their order. */
export async function examplesAt(paths: readonly string[], mapping?: Mapping): Promise<Example[]> {
  const { files } = await dataAt(paths, mapping);
  return files.flatMap((file) => file.examples.map(({ example }) => example));
}

const completionSchema = z.object({ prompt_id: z.string(), completion: z.string() });

/**
 * Answers to grade, {"prompt_id", "completion"} per line, each with its example. Throws UsageError for a line without
 * one.
 */
export async function completionsAt(path: string, examples: readonly Example[]): Promise<Rollout[]> {
  const byId = new Map(examples.map((example) => [example.promptId, example]));
  const lines = await jsonLinesAt(path);
  if (lines.length === 0) throw new UsageError(`${path} is empty`);
  return lines.map((line, i) => {
    const parsed = completionSchema.safeParse(line);
    if (!parsed.success) throw new UsageError(`${path} line ${i + 1} needs prompt_id and completion`);
    const example = byId.get(parsed.data.prompt_id);
    if (!example) throw new UsageError(`${path} line ${i + 1}: the data has no prompt_id ${parsed.data.prompt_id}`);
    return givenAnswer(example, parsed.data.completion, i);
  });
}

/** Graded answers of a file; their prompts come from --data when the file has none. Throws UsageError without any. */
export async function recordedAt(path: string, { data: paths, map }: DataOptions): Promise<RecordedGrades> {
  const data = paths ? await dataAt(paths, mappingOf(map)) : null;
  const source = await sourceAt(path);
  const { answers, problems } = await recordedFile(source, data?.files ?? null);
  if (answers.length === 0) {
    const advice = data ? '' : '; does it need --data?';
    throw new UsageError(`${source.name} has no usable answer${advice}${firstProblem(problems)}`);
  }
  printProblems(problems, 'answers');
  return { answers, file: source.name, dataName: data?.name ?? null };
}

/** The labels of --meta, or of --verdicts. Throws UsageError without any. */
export async function labelsAt(
  options: DataOptions & { readonly meta?: string | undefined; readonly verdicts?: string | undefined },
): Promise<LabelledAnswers> {
  const { meta, verdicts } = options;
  if (meta === undefined) {
    const { answers, file } = await recordedAt(verdicts!, options);
    return labelsOf(file, answers);
  }
  const { labels, problems } = await physicianLabels(await sourceAt(meta));
  if (labels.answers.length === 0) {
    const row = 'meta-evaluation row (prompt, completion, rubric, binary_labels)';
    throw new UsageError(`${meta} has no ${row}${firstProblem(problems)}`);
  }
  printProblems(problems, 'rows');
  return labels;
}

/** For an error about a whole file: its first bad row. */
const firstProblem = ([first]: readonly RowProblem[]): string => (first ? `; line ${first.line}: ${first.reason}` : '');
