import type { RunConfig, Sampling } from '../config/run';
import type { FinishReason } from '../model/generation';
import type { Example } from '../rubric/example';
import type { CriterionGrade, Grade } from '../rubric/verdict';

/** One sampled answer. */
export interface Rollout {
  readonly example: Example;
  /** Index of the prompt within the step. */
  readonly group: number;
  /** (T) prompt then completion, the end token included when there is one. */
  readonly tokens: Int32Array;
  readonly promptLength: number;
  /** (T − promptLength) logprobs of the sampled tokens under the policy that sampled them, of logits / temperature. */
  readonly logprobs: Float32Array;
  /** (T − promptLength) entropy of each of these distributions, in nats. */
  readonly entropies: Float32Array;
  /** Decoded completion without control tokens. */
  readonly completion: string;
  readonly finish: FinishReason;
}

/** Statistics of one update (all its optimizer steps). Names follow TRL. */
export interface UpdateReport {
  readonly loss: number;
  readonly gradNorm: number;
  readonly learningRate: number;
  /** Mean KL estimate against the reference, of the recipe's kind; null when the loss has no KL term. */
  readonly kl: number | null;
  /** Share of completion tokens whose ratio was clipped. */
  readonly clipRatio: number;
  readonly entropy: number;
  /** Mean |logprob at rollout − logprob at the first optimizer step|, in nats: should be ≤ 1e-4. */
  readonly logprobDifference: number;
  /** Completion tokens trained on. */
  readonly tokens: number;
  /** False when a gradient or the loss was NaN or infinite; that optimizer step changed nothing. */
  readonly finite: boolean;
}

/** What an update depends on besides the answers. `steps` places the end of a falling learning rate. */
export type UpdateConfig = Pick<RunConfig, 'loss' | 'optimizer' | 'sampling' | 'steps'>;

/** What the loop needs from a model. rl/transformerPolicy.ts implements it; tests use a fake. */
export interface Policy {
  /** (P·G), groups adjacent. `seed` fixes every random draw. */
  generate(
    examples: readonly Example[],
    groupSize: number,
    sampling: Sampling,
    options: {
      seed: number;
      signal?: AbortSignal;
      onProgress?: Progress;
      /** The next tokens of an answer (group · G + index), while it is written. */
      onTokens?: (answer: number, tokens: readonly number[]) => void;
    },
  ): Promise<Rollout[]>;
  /** (P·G) logprobs of the completions' tokens under the weights that the run started from, of logits / temperature, as `Rollout.logprobs`. */
  referenceLogprobs(
    rollouts: readonly Rollout[],
    config: Pick<UpdateConfig, 'optimizer' | 'sampling'>,
    options: { signal?: AbortSignal; onProgress?: Progress },
  ): Promise<Float32Array[]>;
  update(
    rollouts: readonly Rollout[],
    advantages: Float32Array,
    config: UpdateConfig,
    /** `step` is the number of steps done before: it places the learning rate. An update that has begun is not aborted, so weights are never half-updated. */
    options: { step: number; signal?: AbortSignal; onProgress?: Progress },
  ): Promise<UpdateReport>;
}

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

/** `done` of `total` units (answers, criteria, tokens) of the current phase. */
export type Progress = (done: number, total: number) => void;

export type Phase = 'rollout' | 'grade' | 'update' | 'save';
