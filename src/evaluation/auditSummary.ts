import type { MetaEvalRow } from '../data/row';
import type { Grade } from '../domain/verdict';
import { type AuditedAnswer, type AuditedGrader, labelled, type PhysicianReport, physicianReport } from './audit';
import { type AuditChange, auditChange } from './auditChange';

/** Answers whose verdicts are known, from a file. */
export interface LabelledAnswers extends Pick<Audit, 'kind' | 'file' | 'reference'> {
  readonly answers: readonly AuditedAnswer[];
  /** The rows of a meta-evaluation file; empty for recorded verdicts. */
  readonly rows: readonly MetaEvalRow[];
}

/** Everything that an audit says. Plain data: audit.json, and what the page shows. */
export interface Audit {
  readonly version: 1;
  readonly kind: 'metaEval' | 'verdicts';
  readonly file: string;
  /** Whose labels are taken for right. */
  readonly reference: string;
  readonly criteria: number;
  /** Before and after training, or one. */
  readonly graders: readonly AuditedGrader[];
  /**
   * The second grader against the first on the same criteria; null or absent (in older audits) where there is one
   * grader.
   */
  readonly change?: AuditChange | null;
  readonly physicians: PhysicianReport | null;
  readonly madeAt: string;
}

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
