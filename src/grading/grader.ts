import type { Rollout } from '../domain/rollout';
import type { CriterionGrade, Grade } from '../domain/verdict';

/** `done` of `total` units (answers, criteria, tokens) of the current phase. */
export type Progress = (done: number, total: number) => void;

export interface GradeOptions {
  readonly seed: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: Progress;
  /** A verdict, as soon as it is known. */
  readonly onGrade?: (rollout: number, criterion: number, grade: CriterionGrade) => void;
  /** The next tokens of what a language model writes before its verdict. */
  readonly onTokens?: (rollout: number, criterion: number, tokens: readonly number[]) => void;
}

/** (P·G) grades, in the order of the rollouts. */
export interface Grader {
  grade(rollouts: readonly Rollout[], options: GradeOptions): Promise<Grade[]>;
}
