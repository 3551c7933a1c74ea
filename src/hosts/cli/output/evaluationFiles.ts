import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { readRecorded } from '../../../data/recordedFile';
import { answerLine, type EvaluatedAnswer } from '../../../domain/answerRecord';
import { metRates } from '../../../evaluation/evaluation';
import type { Baseline, Evaluation } from '../../../evaluation/evaluationSummary';
import { answerSection } from '../../../evaluation/report/answerSection';
import { evaluationReport } from '../../../evaluation/report/evaluationReport';
import { scoreOf } from '../../../evaluation/scores';
import { allResults, simpleEvalsMetrics } from '../../../evaluation/simpleEvals';
import { chunksOf } from '../../../lab/data/openData';
import { jsonAt, sourceAt } from '../input/files';
import { UsageError } from '../usage';
import { makeOwnOut } from './outFolder';

const ANSWERS = 'answers.jsonl';
const EVALUATION = 'evaluation.json';
/** The first tells that a folder holds an evaluation. */
export const EVALUATION_FILES = [
  EVALUATION,
  ANSWERS,
  'criteria.jsonl',
  'report.html',
  'metrics.json',
  'allresults.json',
];

const lines = (values: readonly unknown[]) => values.map((value) => `${JSON.stringify(value)}\n`).join('');

/** Writes the files of an evaluation. */
export async function writeEvaluation(
  folder: string,
  evaluation: Evaluation,
  answers: readonly EvaluatedAnswer[],
): Promise<void> {
  makeOwnOut(folder, EVALUATION_FILES);
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
  write(EVALUATION, `${JSON.stringify(evaluation, null, 2)}\n`);
  write(ANSWERS, lines(answers.map((answer) => answerLine(answer, scoreOf(answer)))));
  write(
    'criteria.jsonl',
    lines(
      metRates(answers).map(({ promptId, criterion, met, graded }) => ({
        prompt_id: promptId,
        ...criterion,
        met,
        graded,
      })),
    ),
  );
  write('report.html', evaluationReport(evaluation, answers));
  const sorted = Object.entries(simpleEvalsMetrics(evaluation)).sort(([a], [b]) => (a < b ? -1 : 1));
  write('metrics.json', `${JSON.stringify(Object.fromEntries(sorted), null, 2)}\n`);
  const all = await allResults(evaluation, answers, (answer) => answerSection(answer).text);
  write('allresults.json', `${JSON.stringify(all, null, 2)}\n`);
}

const aboutSchema = z.object({ about: z.object({ model: z.string(), grader: z.string() }) });

/** The evaluation in a folder, as the baseline. */
export async function baselineAt(folder: string): Promise<Baseline> {
  const parsed = aboutSchema.safeParse(await jsonAt(join(folder, EVALUATION)));
  if (!parsed.success) throw new UsageError(`${folder}/${EVALUATION} was not written by evaluate`);
  const source = await sourceAt(join(folder, ANSWERS));
  const { answers, problems } = await readRecorded(source.name, chunksOf(source), null);
  const [problem] = problems;
  if (problem) throw new UsageError(`${folder}/${ANSWERS} line ${problem.line}: ${problem.reason}`);
  return { about: parsed.data.about, answers };
}
