import type { Side } from '../../domain/comparisonRequest';
import type { Example } from '../../domain/example';
import type { Sampling } from '../../domain/recipe/sampling';
import type { CriterionGrade } from '../../domain/verdict';
import { ModelGrader } from '../../grading/policyGrader';
import { promptTokens } from '../../rl/transformerPolicy';
import type { Engine } from '../engine';
import type { EvaluationGrader } from '../evaluation/evaluationGrader';
import { type LoadHooks, type ModelUnderTest, openModelUnderTest } from '../evaluation/modelUnderTest';
import { fittingPrompts } from '../evaluation/runEvaluation';
import { answerBoth, gradeBoth, type SideAnswer } from './compareAnswers';

export interface ComparisonJob {
  /** With its trained weights; the base is the same model with them switched off. */
  readonly subject: ModelUnderTest;
  readonly grader: Exclude<EvaluationGrader, { kind: 'model' }>;
  readonly example: Example;
  readonly sampling: Sampling;
  readonly thinking?: boolean | undefined;
  readonly seed: number;
  readonly first: Side;
}

export interface ComparisonHooks extends LoadHooks {
  /** The whole text so far, at each read-back of the generator. `finish` is null while it is being written. */
  readonly onText: (side: Side, text: string, tokens: number, finish: 'stop' | 'length' | null) => void;
  readonly onGrade: (side: Side, criterion: number, grade: CriterionGrade) => void;
}

/**
 * Answers one prompt with a run's starting weights and its trained ones, then grades every criterion of both. Rejects
 * with an AbortError on abort.
 */
export async function runComparison(
  engine: Engine,
  { subject, grader, example, sampling, thinking, seed, first }: ComparisonJob,
  { signal, onLoad, onText, onGrade }: ComparisonHooks,
): Promise<void> {
  const { text } = subject.opened;
  const { longest } = fittingPrompts(subject, [example], sampling, thinking);
  const sizes = {
    promptsPerStep: 1,
    groupSize: 2,
    maxPromptTokens: longest,
    sampling,
    grader: grader.kind === 'subject' ? grader.config : { mode: 'verdict' as const },
    evaluation: { every: 1 }, // full fine-tuning then keeps the start
  };
  const model = await openModelUnderTest(engine, subject, sizes, [example], { signal, onLoad });
  const onAnswer = (side: Side, { tokens, finish }: SideAnswer) => {
    const written = text.decode(tokens);
    // An answer that is being written may end with half a character.
    onText(side, finish === null ? written.replace(/\uFFFD+$/, '') : written, tokens.length, finish);
  };
  const prompt = promptTokens(text, example.prompt, thinking);
  const answers = await answerBoth(model, prompt, { sampling, seed, first }, { signal, onAnswer });
  const completions = { base: text.decode(answers.base.tokens), checkpoint: text.decode(answers.checkpoint.tokens) };
  const own = grader.kind === 'subject' ? new ModelGrader(model, text, grader.config) : grader.grader;
  await gradeBoth(own, example, completions, { seed, first }, { signal, onGrade });
}
