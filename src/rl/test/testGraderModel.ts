import type { Example } from '../../domain/example';
import type { ModelConfig } from '../../domain/model';
import type { GraderModel } from '../../grading/graderModel';
import type { GenerateContext, GenerateOptions, ScoreContext, ScoreOptions } from '../../model/generation';
import { characterText } from './testModel';

export interface GradingPrompt {
  readonly answer: string;
  readonly criterion: string;
  readonly adapter: boolean;
}
/** The verdict on a criterion of an answer. */
export type Grades = (asked: GradingPrompt) => boolean;

/**
 * For tests: a model that grades by a rule, over testModel's characters and the template
 * "<<conversation>>\n?<<rubric_item>>", and answers "no 0".
 */
export function graderModel(grades: Grades): GraderModel & { asked: GradingPrompt[]; answered: boolean[] } {
  const asked: GradingPrompt[] = [];
  const answered: boolean[] = [];
  const model = {
    asked,
    answered,
    config: { endTokens: [] } as unknown as ModelConfig,
    contextLength: 4096,
    async generate(
      requests: readonly object[],
      { adapter }: Pick<GenerateOptions, 'adapter'>,
      { signal, onTokens }: GenerateContext = {},
    ) {
      signal?.throwIfAborted();
      return requests.map((_, i) => {
        answered.push(adapter);
        const tokens = [...characterText.encode('no 0')];
        onTokens?.(i, tokens);
        const numbers = new Float32Array(tokens.length);
        return { tokens, logprobs: numbers, entropies: numbers, finish: 'stop' as const };
      });
    },
    async score(
      requests: readonly Int32Array[],
      candidates: readonly number[],
      { adapter }: ScoreOptions,
      { signal }: ScoreContext = {},
    ) {
      signal?.throwIfAborted();
      return requests.map((tokens) => {
        const [conversation = '', question = ''] = characterText.decode(tokens).split('\n?');
        const criterion = /^criterion \d/.exec(question)?.[0] ?? '';
        const answer = conversation.slice(conversation.lastIndexOf('assistant: ') + 'assistant: '.length);
        const one = { answer, criterion, adapter };
        asked.push(one);
        const yes = grades(one) ? 0.9 : 0.1;
        return Float32Array.from(candidates, (_, i) => Math.log(i < candidates.length / 2 ? yes : 1 - yes));
      });
    },
  };
  return model as unknown as GraderModel & { asked: GradingPrompt[]; answered: boolean[] };
}

/** Examples with criteria 0 and 1 (5 and 3 points) and a harm, and an ideal answer that names the good ones. */
export const criterionExamples = (count: number): Example[] =>
  Array.from({ length: count }, (_, i) => ({
    promptId: `p${i}`,
    prompt: [{ role: 'user', content: `question ${i}` }],
    rubrics: [5, 3, -4].map((points, c) => ({ criterion: `criterion ${c}`, points, tags: [] })),
    exampleTags: [],
    idealCompletion: 'no 0 and no 1',
  }));
