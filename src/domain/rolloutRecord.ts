import type { Check } from './check';
import type { Message } from './example';
import type { Verdict } from './verdict';

/** One criterion of one answer as kept, shown and exported. */
export interface CriterionRecord {
  readonly criterion: string;
  readonly points: number;
  readonly tags: readonly string[];
  readonly verdict: Verdict;
  readonly explanation: string;
  readonly confidence: number | null;
  readonly failure: string | null;
  /** Only where the reward is soft: verdict.ts. */
  readonly credit?: number | undefined;
  /** Only where a program decided. */
  readonly check?: Check | undefined;
}

/** One answer with its grades as kept, shown and exported: a line of rollouts/step-N.jsonl. */
export interface RolloutRecord {
  readonly step: number;
  /** Index of the prompt within the step. */
  readonly group: number;
  /** Index of the answer within its group. */
  readonly index: number;
  readonly promptId: string;
  readonly prompt: readonly Message[];
  readonly completion: string;
  readonly finish: 'stop' | 'length' | 'aborted';
  readonly promptTokens: number;
  readonly completionTokens: number;
  /** Null when no criterion could be graded. */
  readonly reward: number | null;
  /** The reward less penalties for length and KL, where there are any. */
  readonly shapedReward?: number | null;
  readonly advantage: number;
  /** Reward by the world's own rules, known only for the built-in synthetic data; null otherwise. */
  readonly trueReward: number | null;
  readonly meanLogprob: number;
  readonly meanEntropy: number;
  readonly grader: string;
  readonly criteria: readonly CriterionRecord[];
}
