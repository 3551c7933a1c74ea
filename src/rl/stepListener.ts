import type { Example } from '../domain/example';
import type { CriterionGrade } from '../domain/verdict';

/**
 * Follows a step while it is made, so that a person can read along. Answers are numbered group · G + index, as in the
 * step's rollouts; with dynamic sampling a step has several rounds, and the numbers begin anew in each.
 */
export interface StepListener {
  /** The prompts of a round, before they get `groupSize` answers each. */
  onPrompts(step: number, prompts: readonly Example[], groupSize: number): void;
  /** The next tokens of an answer. */
  onTokens(answer: number, tokens: readonly number[]): void;
  /** The next tokens that the grader writes about a criterion before its verdict. */
  onReasoning(answer: number, criterion: number, tokens: readonly number[]): void;
  /** The grade of a criterion. One that could not be read may be followed by another. */
  onGrade(answer: number, criterion: number, grade: CriterionGrade): void;
}
