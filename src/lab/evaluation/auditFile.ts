import { type ParsedFile, parseFile } from '../../data/parse';
import { readRecorded } from '../../data/recordedFile';
import { DataError } from '../../data/split';
import { metaEvalAnswers, recordedAnswers } from '../../evaluation/audit';
import type { LabelledAnswers } from '../../evaluation/auditSummary';
import type { ByteSource } from '../../formats/source';
import { evaluationPrompts } from '../../rl/evaluate';
import { chunksOf } from '../data/openData';

/**
 * A meta-evaluation file, or graded answers, told from its rows. Verdicts without their prompt find it in `data`. At most `limit` answers, drawn by seed. Throws
 * DataError when there is nothing to compare with.
 */
export async function labelledFile(
  source: ByteSource,
  data: readonly ParsedFile[] | null,
  limit: number,
  seed: number,
): Promise<LabelledAnswers> {
  const { metaEval, problems } = await parseFile(source.name, chunksOf(source));
  if (metaEval.length > 0) {
    const rows = drawn(metaEval, limit, seed);
    return { kind: 'metaEval', file: source.name, reference: 'physicians', answers: metaEvalAnswers(rows), rows };
  }
  const byId =
    data && new Map(data.flatMap((file) => file.examples.map(({ example }) => [example.promptId, example] as const)));
  const recorded = await readRecorded(source.name, chunksOf(source), byId);
  const [problem] = recorded.problems;
  if (recorded.answers.length === 0) {
    const why = problem ? ` Line ${problem.line}: ${problem.reason}.` : ` ${problems[0]?.reason ?? 'It is empty'}.`;
    throw new DataError(`${source.name} has neither meta-evaluation rows nor graded answers.${why}`);
  }
  const graders = [...new Set(recorded.answers.flatMap(({ grader }) => grader ?? []))];
  const answers = recordedAnswers(drawn(recorded.answers, limit, seed));
  return {
    kind: 'verdicts',
    file: source.name,
    reference: graders.join(' and ') || 'the recorded grader',
    answers,
    rows: [],
  };
}

const drawn = <T>(items: readonly T[], limit: number, seed: number): readonly T[] =>
  evaluationPrompts(items, limit, seed);
