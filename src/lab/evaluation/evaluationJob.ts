import type { Example } from '../../domain/example';
import { type Sampling, samplingSchema } from '../../domain/recipe/sampling';
import type { EvaluationSettings } from '../../evaluation/evaluationRequest';
import { evaluationPrompts } from '../../rl/evaluate';
import type { EvaluationExamples } from './evaluationExamples';
import type { EvaluationGrader } from './evaluationGrader';
import type { ModelUnderTest } from './modelUnderTest';

/** Everything that an evaluation depends on. */
export interface EvaluationJob {
  readonly subject: ModelUnderTest;
  readonly grader: EvaluationGrader;
  readonly examples: readonly Example[];
  /** Where the examples come from, in words. */
  readonly data: string;
  /** Answers per prompt. */
  readonly answers: number;
  readonly sampling: Sampling;
  readonly thinking?: boolean | undefined;
  readonly seed: number;
  /** Also evaluates the starting weights, with the same draws and the same grader. */
  readonly withStart?: boolean;
}

/**
 * The job of an evaluation, the same for page and command line. The run's sampling and thinking apply where the
 * settings leave them out.
 */
export function evaluationJob(
  subject: ModelUnderTest,
  grader: EvaluationGrader,
  { examples, data }: EvaluationExamples,
  settings: EvaluationSettings,
): EvaluationJob {
  const { prompts, answers, maxNewTokens, temperature, seed, withStart } = settings;
  return {
    subject,
    grader,
    examples: evaluationPrompts(examples, prompts, seed),
    data,
    answers,
    sampling: samplingSchema.parse({ ...subject.recipe?.sampling, maxNewTokens, temperature }),
    thinking: subject.recipe?.thinking,
    seed,
    withStart: withStart && subject.trained !== null,
  };
}
