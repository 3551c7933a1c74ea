import type { Example } from '../domain/example';
import type { CriterionGrade } from '../domain/verdict';

/**
 * Told of a step while it is made, so that a person can read along. Answers are numbered group · G + index, as in the step's rollouts; with dynamic
 * sampling a step asks several times, and the numbers begin anew.
 */
export interface StepListener {
  /** Prompts that are about to be answered, `groupSize` times each. */
  asked(step: number, examples: readonly Example[], groupSize: number): void;
  /** The next tokens of an answer. */
  wrote(answer: number, tokens: readonly number[]): void;
  /** The next tokens of what the grader writes about a criterion before its verdict. */
  reasoned(answer: number, criterion: number, tokens: readonly number[]): void;
  /** A criterion has its verdict. One that could not be read may be followed by another. */
  graded(answer: number, criterion: number, grade: CriterionGrade): void;
}
