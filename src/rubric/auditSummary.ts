import { type Audit, type AuditedGrader, type LabelledAnswers, labelled, physicianReport } from './audit';
import { auditChange } from './auditChange';
import type { Grade } from './verdict';

/** The whole audit, from the labels and one or two graders' verdicts on them, in the order of the answers. */
export function auditOf(
  { answers, rows, ...known }: LabelledAnswers,
  graded: readonly { readonly grader: AuditedGrader; readonly grades: readonly Grade[] }[],
  madeAt: string,
  seed: number,
): Audit {
  const [before, after] = graded;
  return {
    version: 1,
    ...known,
    criteria: labelled(answers),
    graders: graded.map(({ grader }) => grader),
    change: before && after ? auditChange(answers, before.grades, after.grades, seed) : null,
    physicians: physicianReport(rows),
    madeAt,
  };
}
