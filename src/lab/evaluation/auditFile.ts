import { type ParsedFile, parseFile } from '../../data/parse';
import { readRecorded } from '../../data/recordedFile';
import { DataError } from '../../data/split';
import type { EvaluatedAnswer } from '../../domain/answerRecord';
import type { RowProblem } from '../../domain/dataReport';
import { metaEvalAnswers, recordedAnswers } from '../../evaluation/audit';
import type { LabelledAnswers } from '../../evaluation/auditSummary';
import type { AuditSettings } from '../../evaluation/evaluationRequest';
import type { ByteSource } from '../../formats/source';
import { evaluationPrompts } from '../../rl/evaluate';
import { chunksOf } from '../data/openData';

export interface LabelledFile {
  readonly labels: LabelledAnswers;
  /** Rows that were left out. */
  readonly problems: readonly RowProblem[];
}

/** A meta-evaluation file, or graded answers, recognized by its rows. Throws DataError when it has neither. */
export async function labelledFile(source: ByteSource, data: readonly ParsedFile[] | null): Promise<LabelledFile> {
  const { labels, problems } = await physicianLabels(source);
  if (labels.answers.length > 0) return { labels, problems };
  const recorded = await recordedFile(source, data);
  if (recorded.answers.length > 0) return { ...recorded, labels: labelsOf(source.name, recorded.answers) };
  const [problem] = recorded.problems;
  const why = problem ? ` Line ${problem.line}: ${problem.reason}.` : ` ${problems[0]?.reason ?? 'The file is empty'}.`;
  throw new DataError(`${source.name} has neither meta-evaluation rows nor graded answers.${why}`);
}

/** HealthBench's meta-evaluation: labels by physicians. No answers where the file has no such row. */
export async function physicianLabels(source: ByteSource): Promise<LabelledFile> {
  const { metaEval: rows, problems } = await parseFile(source.name, chunksOf(source));
  const answers = metaEvalAnswers(rows);
  return { labels: { kind: 'metaEval', file: source.name, reference: 'physicians', answers, rows }, problems };
}

/** Recorded verdicts as labels. */
export const labelsOf = (file: string, recorded: readonly EvaluatedAnswer[]): LabelledAnswers => ({
  kind: 'verdicts',
  file,
  reference: gradersOf(recorded) || 'the recorded grader',
  answers: recordedAnswers(recorded),
  rows: [],
});

/** Graded answers of a file. Verdicts without their prompt find it in `data`. */
export async function recordedFile(
  source: ByteSource,
  data: readonly ParsedFile[] | null,
): Promise<{ answers: EvaluatedAnswer[]; problems: RowProblem[] }> {
  const byId =
    data && new Map(data.flatMap((file) => file.examples.map(({ example }) => [example.promptId, example] as const)));
  return readRecorded(source.name, chunksOf(source), byId);
}

/** The names of the graders; empty when the file has none. */
export const gradersOf = (answers: readonly Pick<EvaluatedAnswer, 'grader'>[]): string =>
  [...new Set(answers.flatMap(({ grader }) => grader ?? []))].join(' and ');

/** At most `limit` answers, drawn by seed, in the order of the file; their rows go with them. */
export function drawnLabels(labels: LabelledAnswers, { limit, seed }: Omit<AuditSettings, 'mode'>): LabelledAnswers {
  const { answers, rows } = labels;
  const chosen = new Set(
    evaluationPrompts(
      answers.map((_, i) => i),
      limit,
      seed,
    ),
  );
  return {
    ...labels,
    answers: answers.filter((_, i) => chosen.has(i)),
    rows: rows.filter((_, i) => chosen.has(i)),
  };
}
