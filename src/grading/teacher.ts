import type { Grader } from './grader';
import type { RubricWriter } from './rubricWriter';

/** Usage of a teacher since the last `takeUsage`. */
export interface TeacherUsage {
  /** Sent to an address, those sent again included; 0 for a teacher that is here. */
  readonly requests: number;
  /** Tokens read and written. */
  readonly tokens: number;
  /** In the currency of the prices given. */
  readonly cost: number;
  /** Requests that were sent again. */
  readonly retries: number;
}

export const NO_USAGE: TeacherUsage = { requests: 0, tokens: 0, cost: 0, retries: 0 };

/** Another model, or recorded grades, in place of the policy as its grader. */
export interface Teacher {
  /** Shown beside every number that comes from it. */
  readonly name: string;
  readonly grader: Grader;
  /** Null when it cannot write rubrics. */
  readonly writer: RubricWriter | null;
  /** Counts since the last call. */
  takeUsage(): TeacherUsage;
  release(): void;
}
