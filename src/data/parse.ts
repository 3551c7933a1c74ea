import type { RecordedAnswer } from '../domain/answerRecord';
import type { DataReport, RowProblem } from '../domain/dataReport';
import type { Example } from '../domain/example';
import { FileKind } from './fileKind';
import { readLines } from './lines';
import type { Mapping } from './mapping';
import type { Reading } from './reading';
import { type MetaEvalRow, readRow } from './row';

/** An example and its line, for later problems such as "too long for the model". */
export interface LocatedExample {
  readonly example: Example;
  readonly file: string;
  readonly line: number;
  /** From preprocessed files; null otherwise. */
  readonly hard: boolean | null;
}

/** A data file read to its end. */
export interface ParsedFile {
  readonly name: string;
  readonly kind: DataReport['kind'];
  /** Lines that are not blank. */
  readonly rows: number;
  readonly examples: readonly LocatedExample[];
  /** Prompts that need a model-written rubric. */
  readonly withoutRubric: readonly LocatedExample[];
  readonly metaEval: readonly MetaEvalRow[];
  /** Answers with recorded verdicts. */
  readonly graded: readonly RecordedAnswer[];
  readonly problems: readonly RowProblem[];
  /** Rows that reading changed, by what it did. */
  readonly reading: ReadonlyMap<Reading, number>;
}

/** With this many bad lines before a good one, the file is not our JSONL. */
const HOPELESS = 200;

/**
 * Streams a HealthBench JSONL file, or another one by a column mapping. Lists and skips bad lines, and counts what it
 * changes about others.
 */
export async function parseFile(
  name: string,
  chunks: AsyncIterable<Uint8Array | string>,
  { onProgress, mapping }: { onProgress?: (rows: number) => void; mapping?: Mapping | undefined } = {},
): Promise<ParsedFile> {
  const examples: LocatedExample[] = [];
  const withoutRubric: LocatedExample[] = [];
  const metaEval: MetaEvalRow[] = [];
  const graded: RecordedAnswer[] = [];
  const problems: RowProblem[] = [];
  const readings = new Map<Reading, number>();
  const lineOfId = new Map<string, number>();
  let rows = 0;
  const tally = new FileKind();

  for await (const line of readLines(chunks)) {
    rows++;
    onProgress?.(rows);
    const problem = (reason: string) => problems.push({ line: line.number, file: name, reason });
    const { row, reading } =
      'text' in line
        ? readRow(line.text, mapping)
        : ({ row: { kind: 'bad', reason: line.reason }, reading: [] } as const);
    const count = () => {
      for (const change of reading) readings.set(change, (readings.get(change) ?? 0) + 1);
    };
    if (row.kind === 'bad') {
      problem(row.reason);
    } else if (row.kind === 'metaEval') {
      metaEval.push(row.row);
      count();
      tally.add(row);
    } else if (row.kind === 'graded') {
      graded.push(row.answer);
    } else {
      const { promptId } = row.example;
      const earlier = lineOfId.get(promptId);
      if (earlier !== undefined) {
        problem(`duplicate prompt_id ${promptId.slice(0, 60)}, first seen in line ${earlier}`);
        continue;
      }
      lineOfId.set(promptId, line.number);
      count();
      const located = { example: row.example, file: name, line: line.number, hard: row.hard };
      if (row.kind === 'withoutRubric') {
        withoutRubric.push(located);
        continue;
      }
      tally.add(row);
      examples.push(located);
    }
    if (problems.length >= HOPELESS && examples.length + withoutRubric.length + metaEval.length + graded.length === 0) {
      problem(
        `stopped reading because the first ${HOPELESS} lines are all bad. Check that this is a HealthBench JSONL file`,
      );
      break;
    }
  }
  return { name, kind: tally.kind(name), rows, examples, withoutRubric, metaEval, graded, problems, reading: readings };
}
