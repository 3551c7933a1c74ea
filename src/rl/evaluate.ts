import type { EvaluatedAnswer } from '../domain/answerRecord';
import type { Example } from '../domain/example';
import type { Sampling } from '../domain/recipe/sampling';
import type { Rollout } from '../domain/rollout';
import type { Grade } from '../domain/verdict';
import { partOf, type WorkContext } from '../domain/workContext';
import type { Grader } from '../grading/grader';
import type { GraderModel } from '../grading/graderModel';
import { derive, shuffled } from '../random';
import type { ChatText } from '../text/chatText';
import { promptTokens } from './transformerPolicy';

/** Answers per call of the model and of the grader: bounds memory, and is one of the things that fix the draws. */
const CHUNK = 64;

export interface AnswerOptions {
  /** Answers per prompt. */
  readonly answers: number;
  readonly sampling: Sampling;
  /** Whether a reasoning model thinks before it answers. Its chat template decides when absent. */
  readonly thinking?: boolean | undefined;
  /** Adapter on: the policy. Off: the weights it started from. */
  readonly adapter: boolean;
  readonly seed: number;
}

/** The prompts (or other items) of an evaluation: `count` of them, drawn by seed, or all in their order. */
export const evaluationPrompts = <T>(examples: readonly T[], count: number, seed: number): readonly T[] =>
  count >= examples.length ? examples : shuffled(derive(seed, 'evaluation prompts'), examples).slice(0, count);

/**
 * Answers every prompt `answers` times. (P·K), the answers of a prompt adjacent. Draws are a function of seed, prompt
 * and answer alone, so that two models evaluated with one seed are compared with common random numbers. Throws an
 * AbortError on abort.
 */
export async function answerPrompts(
  model: Pick<GraderModel, 'config' | 'generate'>,
  text: ChatText,
  examples: readonly Example[],
  { answers, sampling, thinking, adapter, seed }: AnswerOptions,
  context: WorkContext = {},
): Promise<Rollout[]> {
  const rollouts: Rollout[] = [];
  const total = examples.length * answers;
  const prompts = Math.max(1, Math.floor(CHUNK / answers));
  for (let from = 0; from < examples.length; from += prompts) {
    const requests = examples.slice(from, from + prompts).flatMap((example, p) => {
      const tokens = promptTokens(text, example.prompt, thinking);
      return Array.from({ length: answers }, (_, index) => ({
        example,
        group: from + p,
        tokens,
        seed: derive(seed, 'evaluation', example.promptId, index),
      }));
    });
    context.onProgress?.(rollouts.length, total);
    const generations = await model.generate(
      requests,
      { sampling, endTokens: model.config.endTokens, adapter },
      partOf(context, { before: rollouts.length, size: requests.length, total }),
    );
    context.signal?.throwIfAborted();
    requests.forEach(({ example, group, tokens: prompt }, i) => {
      const { tokens, logprobs, entropies, finish } = generations[i]!;
      const whole = new Int32Array(prompt.length + tokens.length);
      whole.set(prompt);
      whole.set(tokens, prompt.length);
      const completion = text.decode(Int32Array.from(tokens));
      rollouts.push({
        example,
        group,
        tokens: whole,
        promptLength: prompt.length,
        logprobs,
        entropies,
        completion,
        finish,
      });
    });
  }
  return rollouts;
}

/** Grades answers a chunk at a time; progress counts criteria. (P·K) */
export async function gradeAnswers(
  grader: Grader,
  rollouts: readonly Rollout[],
  { seed }: { readonly seed: number },
  context: WorkContext = {},
): Promise<Grade[]> {
  const grades: Grade[] = [];
  const criteria = rollouts.map(({ example }) => example.rubrics.length);
  const total = criteria.reduce((a, b) => a + b, 0);
  let before = 0;
  for (let from = 0; from < rollouts.length; from += CHUNK) {
    const chunk = rollouts.slice(from, from + CHUNK);
    const size = criteria.slice(from, from + CHUNK).reduce((a, b) => a + b, 0);
    const options = { seed: derive(seed, 'evaluation grades', from) };
    grades.push(...(await grader.grade(chunk, options, partOf(context, { before, size, total }))));
    context.signal?.throwIfAborted();
    before += size;
  }
  return grades;
}

/** Answers with their grades, as they are scored and saved. */
export const evaluatedAnswers = (
  rollouts: readonly Rollout[],
  grades: readonly Grade[],
  grader: string,
): EvaluatedAnswer[] =>
  rollouts.map(({ example, completion, logprobs, finish }, i) => ({
    example,
    completion,
    grade: grades[i]!,
    tokens: logprobs.length,
    finish,
    grader,
  }));

/** An answer from elsewhere as a rollout, for a grader. */
export const givenAnswer = (example: Example, completion: string, group: number): Rollout => ({
  example,
  group,
  completion,
  tokens: new Int32Array(),
  promptLength: 0,
  logprobs: new Float32Array(),
  entropies: new Float32Array(),
  finish: 'stop',
});
