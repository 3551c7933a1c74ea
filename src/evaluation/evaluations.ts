import type { EvaluatedAnswer } from '../domain/answerRecord';
import type { Filter } from '../domain/filter';
import type { Recipe } from '../domain/recipe/recipe';
import type { Audit } from './auditSummary';
import type { Evaluation } from './evaluationSummary';

/** Whose answers, or whose grades: the open model, or what a run had learned at a checkpoint. */
export type EvaluationSubject = { kind: 'openModel' } | { kind: 'checkpoint'; runId: string; step: number };

export type EvaluationExportKind = 'report' | 'json' | 'answers' | 'simpleEvals';

export interface EvaluationRequest {
  readonly subject: EvaluationSubject;
  /** Of the run's own data for a checkpoint, else of the open data, split by seed and share. */
  readonly split: 'heldOut' | 'train';
  readonly heldOutShare: number;
  /** Of the open data; a run's own is filtered already. None, when absent. */
  readonly filter?: Filter;
  /** The model as it answers, the weights that its run started from, or the open teacher. */
  readonly grader: 'self' | 'frozen' | 'teacher';
  readonly mode: Recipe['grader']['mode'];
  /** Answers per prompt. */
  readonly answers: number;
  /** Prompts at most, drawn by seed. */
  readonly prompts: number;
  readonly maxNewTokens: number;
  readonly temperature: number;
  readonly seed: number;
  /** Also answers with the weights that the run started from, graded by the same grader, and compares. Only for a checkpoint. */
  readonly withStart: boolean;
}

export interface AuditRequest {
  readonly subject: EvaluationSubject;
  /** HealthBench meta-evaluation, or graded answers; told from its rows. */
  readonly file: File;
  readonly mode: Recipe['grader']['mode'];
  /** Answers at most, drawn by seed. */
  readonly limit: number;
  readonly seed: number;
}

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
