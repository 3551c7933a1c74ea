import { expect, it } from 'vitest';
import { samplingSchema } from '../domain/recipe/sampling';
import type { Grade } from '../domain/verdict';
import type { Grader } from '../grading/grader';
import { derive } from '../random';
import { answerPrompts, evaluatedAnswers, evaluationPrompts, gradeAnswers } from './evaluate';
import { characterText, testExample } from './test/testModel';

type Model = Parameters<typeof answerPrompts>[0];

/** Writes one letter that its seed decides, and notes what it was asked. */
function letters() {
  const asked: { count: number; adapter: boolean }[] = [];
  const model = {
    config: { endTokens: [] },
    async generate(requests: readonly { seed: number }[], { adapter }: { adapter: boolean }) {
      asked.push({ count: requests.length, adapter });
      return requests.map(({ seed }) => ({
        tokens: Int32Array.of(97 + (derive(seed) % 26)),
        logprobs: new Float32Array(1),
        entropies: new Float32Array(1),
        finish: 'stop' as const,
      }));
    },
  } as unknown as Model;
  return { model, asked };
}
const examples = Array.from({ length: 40 }, (_, i) => testExample(`p${i}`));
const options = { answers: 3, sampling: samplingSchema.parse({}), adapter: true, seed: 5 };

it('answers each prompt so many times, in pieces, the same for the same seed', async () => {
  const { model, asked } = letters();
  const progress: number[] = [];
  const onProgress = (done: number, total: number) => progress.push(done / total);
  const rollouts = await answerPrompts(model, characterText, examples, options, { onProgress });
  expect(rollouts).toHaveLength(120);
  expect(rollouts.map(({ example }) => example.promptId)).toEqual(
    examples.flatMap(({ promptId }) => [promptId, promptId, promptId]),
  );
  expect(rollouts.map(({ group }) => group)).toEqual(examples.flatMap((_, i) => [i, i, i]));
  expect(asked.every(({ count, adapter }) => count <= 64 && adapter)).toBe(true);
  expect(progress.every((share) => share <= 1)).toBe(true);

  const text = (list: typeof rollouts) => list.map(({ completion }) => completion).join('');
  expect(text(await answerPrompts(model, characterText, examples, options))).toBe(text(rollouts));
  expect(text(await answerPrompts(model, characterText, examples, { ...options, seed: 6 }))).not.toBe(text(rollouts));
  // A prompt's draws are its own: fewer prompts, the same answers.
  expect(text(await answerPrompts(model, characterText, examples.slice(30), options))).toBe(text(rollouts.slice(90)));
});

it('grades in pieces and hands each answer its own grade', async () => {
  const { model } = letters();
  const rollouts = await answerPrompts(model, characterText, examples, options);
  const sizes: number[] = [];
  const grader: Grader = {
    async grade(chunk) {
      sizes.push(chunk.length);
      return chunk.map(
        ({ example, completion }): Grade =>
          example.rubrics.map(() => ({
            verdict: 'met',
            explanation: `${example.promptId} ${completion}`,
            confidence: null,
            failure: null,
          })),
      );
    },
  };
  const grades = await gradeAnswers(grader, rollouts, { seed: 1 });
  expect(sizes).toEqual([64, 56]);
  const answers = evaluatedAnswers(rollouts, grades, 'somebody');
  for (const { example, completion, grade, tokens, grader: name } of answers) {
    expect(grade[0]!.explanation).toBe(`${example.promptId} ${completion}`);
    expect([tokens, name]).toEqual([1, 'somebody']);
  }
});

it('draws prompts by seed, and takes all when there are no more', () => {
  const drawn = evaluationPrompts(examples, 5, 1);
  expect(new Set(drawn).size).toBe(5);
  expect(evaluationPrompts(examples, 5, 1)).toEqual(drawn);
  expect(evaluationPrompts(examples, 5, 2)).not.toEqual(drawn);
  expect(evaluationPrompts(examples, 400, 1)).toEqual(examples);
});

it('is given up on abort', async () => {
  const { model } = letters();
  const abort = new AbortController();
  const onProgress = () => abort.abort();
  const grader: Grader = {
    async grade(chunk, _, context) {
      context?.onProgress?.(1, 2);
      return chunk.map(() => []);
    },
  };
  const rollouts = await answerPrompts(model, characterText, examples.slice(0, 2), options);
  await expect(gradeAnswers(grader, rollouts, { seed: 1 }, { signal: abort.signal, onProgress })).rejects.toThrow(
    /abort/i,
  );
});
