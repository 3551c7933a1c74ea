import { type EvaluatedAnswer, joinExample, parseAnswer } from '../domain/answerRecord';
import type { RowProblem } from '../domain/dataReport';
import type { Example } from '../domain/example';
import { readLines } from './lines';
import { DataError } from './split';

/** Longest JSON document: simple-evals' allresults of 5,000 answers has about 150 MB. */
const DOCUMENT_BYTES = 400_000_000;

/**
 * Graded answers from JSONL, or from simple-evals' allresults (a .json file). Looks up examples by prompt id, if given;
 * lists and skips unusable lines.
 */
export async function readRecorded(
  name: string,
  chunks: AsyncIterable<Uint8Array | string>,
  examples: ReadonlyMap<string, Example> | null,
): Promise<{ answers: EvaluatedAnswer[]; problems: RowProblem[] }> {
  const answers: EvaluatedAnswer[] = [];
  const problems: RowProblem[] = [];
  const take = (line: number, read: () => unknown) => {
    try {
      const answer = parseAnswer(read());
      answers.push(joinExample(answer, examples?.get(answer.promptId)));
    } catch (error) {
      problems.push({ line, file: name, reason: (error as Error).message.slice(0, 300) });
    }
  };
  for await (const { line, read } of readRows(name, chunks)) take(line, read);
  return { answers, problems };
}

/** Rows of JSONL or of a JSON document with their number; `read` throws an Error with the fault of a row. */
export async function* readRows(
  name: string,
  chunks: AsyncIterable<Uint8Array | string>,
): AsyncGenerator<{ line: number; read: () => unknown }> {
  if (/\.json$/i.test(name)) {
    const rows = resultRows(await whole(name, chunks));
    for (const [i, row] of rows.entries()) yield { line: i + 1, read: () => row };
    return;
  }
  for await (const line of readLines(chunks)) {
    const read = () => {
      if ('text' in line) return JSON.parse(line.text) as unknown;
      throw new Error(line.reason);
    };
    yield { line: line.number, read };
  }
}

async function whole(name: string, chunks: AsyncIterable<Uint8Array | string>): Promise<unknown> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of chunks) {
    text += typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true });
    if (text.length > DOCUMENT_BYTES) throw new DataError(`${name} is too large for one JSON document. Use JSONL`);
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new DataError(`${name} is not JSON: ${(error as Error).message.slice(0, 120)}`);
  }
}

function resultRows(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  const metadata = (value as { metadata?: { example_level_metadata?: unknown } } | null)?.metadata;
  return Array.isArray(metadata?.example_level_metadata) ? metadata.example_level_metadata : [value];
}
