import type { EvaluatedAnswer } from '../../domain/answerRecord';
import type { CriterionGrade, Grade } from '../../domain/verdict';
import { auditGrader } from '../../evaluation/audit';
import { auditOf, type LabelledAnswers } from '../../evaluation/auditSummary';
import type { AuditSettings } from '../../evaluation/evaluationRequest';
import { type Baseline, type Evaluation, type EvaluationAbout, summarise } from '../../evaluation/evaluationSummary';
import { drawnLabels, gradersOf } from './auditFile';
import type { AuditResult } from './runAudit';

/** Answers with grades from a file. */
export interface RecordedGrades {
  readonly answers: readonly EvaluatedAnswer[];
  readonly file: string;
  /** The data file that the prompts come from; null when the grades have their own. */
  readonly dataName: string | null;
}

/** Scores recorded grades. `name`: what the report calls the model. */
export function evaluateRecorded(
  { answers, file, dataName }: RecordedGrades,
  {
    name,
    seed,
    madeAt,
    baseline,
  }: { name?: string | undefined; seed: number; madeAt: Date; baseline?: Baseline | undefined },
): Evaluation {
  const about: EvaluationAbout = {
    model: name ?? `answers in ${file}`,
    grader: gradersOf(answers) || `recorded grades of ${file}`,
    data: dataName ?? file,
    answers: Math.round(answers.length / new Set(answers.map(({ example }) => example.promptId)).size),
    sampling: null,
    seed,
    madeAt: madeAt.toISOString(),
  };
  return summarise(answers, about, baseline);
}

const MISSING: CriterionGrade = { verdict: 'ungraded', explanation: '', confidence: null, failure: 'not in the file' };

/** Audits recorded grades against labels of the same answers. Criteria that the file does not have are ungraded. */
export function auditRecorded(
  { answers: recorded, file }: Pick<RecordedGrades, 'answers' | 'file'>,
  all: LabelledAnswers,
  settings: AuditSettings,
  madeAt: Date,
): AuditResult {
  const labels = drawnLabels(all, settings);
  const key = (promptId: string, completion: string) => JSON.stringify([promptId, completion.trim()]);
  const byAnswer = new Map(recorded.map((answer) => [key(answer.example.promptId, answer.completion), answer]));
  const grades = labels.answers.map(({ example, completion }): Grade => {
    const found = byAnswer.get(key(example.promptId, completion));
    return example.rubrics.map(({ criterion }) => {
      const at = found?.example.rubrics.findIndex((known) => known.criterion.trim() === criterion.trim()) ?? -1;
      return found?.grade[at] ?? MISSING;
    });
  });
  const graded = [{ grader: auditGrader(gradersOf(recorded) || file, labels.answers, grades), grades }];
  return { audit: auditOf(labels, graded, madeAt.toISOString(), settings.seed), labels, graded };
}
