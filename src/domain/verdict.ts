/** `ungraded` is a missing grade; it never counts as `notMet`. */
export type Verdict = 'met' | 'notMet' | 'ungraded';

/** What a grader said of one criterion of one answer. */
export interface CriterionGrade {
  readonly verdict: Verdict;
  readonly explanation: string;
  /**
   * Probability of "true" against "false" in [0, 1] where the verdict was read from logits, or an endpoint gave the
   * logprobs of what it wrote; null otherwise.
   */
  readonly confidence: number | null;
  /**
   * Share of the criterion's points that counts, in [0, 1], where the reward is soft: p(met), or the share of the votes
   * for met. Absent: all of them when met.
   */
  readonly credit?: number | undefined;
  /** Why it is ungraded, in words; null when it is graded. */
  readonly failure: string | null;
  /** Who graded, where a run has two graders or a program decided. */
  readonly by?: 'policy' | 'teacher' | 'program';
}

/** The grades of one answer, in the order of its rubric. */
export type Grade = readonly CriterionGrade[];
