import type { Rollout } from '../domain/rollout';
import type { CriterionGrade, Grade } from '../domain/verdict';
import type { WorkContext } from '../domain/workContext';

export interface GradingContext extends WorkContext {
  /** A grade, as soon as it is known. One that could not be read may be followed by another. */
  readonly onGrade?: ((rollout: number, criterion: number, grade: CriterionGrade) => void) | undefined;
  /** The next tokens that a language model writes about a criterion before its verdict. */
  readonly onReasoning?: ((rollout: number, criterion: number, tokens: readonly number[]) => void) | undefined;
}

/** (P·G) grades, in the order of the rollouts. `seed` fixes every random draw. Rejects with an AbortError on abort. */
export interface Grader {
  grade(rollouts: readonly Rollout[], options: { readonly seed: number }, context?: GradingContext): Promise<Grade[]>;
}
