import type { EvaluatedAnswer } from '../domain/answerRecord';
import type { Audit } from './auditSummary';
import type { Evaluation } from './evaluationSummary';

export type EvaluationExportKind = 'report' | 'json' | 'answers' | 'simpleEvals';

/** A kept evaluation or audit, as lists show it. */
export interface EvaluationEntry {
  readonly id: string;
  readonly kind: 'evaluation' | 'audit';
  readonly model: string;
  readonly grader: string;
  readonly data: string;
  readonly madeAt: string; // ISO date
  /** Score, or balanced F1 after training; null where there is none. */
  readonly score: number | null;
}

/** With everything that scoring again or reading needs. */
export type SavedEvaluation =
  | {
      readonly kind: 'evaluation';
      readonly entry: EvaluationEntry;
      readonly evaluation: Evaluation;
      readonly answers: readonly EvaluatedAnswer[];
      /** By the starting weights; empty when they were not asked. */
      readonly startAnswers: readonly EvaluatedAnswer[];
    }
  | { readonly kind: 'audit'; readonly entry: EvaluationEntry; readonly audit: Audit };
