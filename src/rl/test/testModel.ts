import type { Example } from '../../domain/example';
import type { Rollout } from '../../domain/rollout';
import type { ChatText } from '../../text/chatText';

/** For tests: a token is a character's code, a conversation its texts in a frame that ends with "A". */
export const characterText: ChatText = {
  encodeChat: (messages) => characterText.encode(`${messages.map(({ content }) => content).join('|')}A`),
  encode: (text) => Int32Array.from([...text].map((character) => character.codePointAt(0)!)),
  decode: (tokens) => String.fromCodePoint(...tokens),
  tokenTexts: Array.from({ length: 256 }, (_, code) => String.fromCharCode(code)),
};

export const testExample = (promptId: string, points: readonly number[] = [5, -3]): Example => ({
  promptId,
  prompt: [{ role: 'user', content: `question ${promptId}` }],
  rubrics: points.map((value, i) => ({ criterion: `criterion ${i}`, points: value, tags: [] })),
  exampleTags: [],
  idealCompletion: null,
});

export function testRollout(example: Example, group: number, completion: string, promptLength = 4): Rollout {
  const answer = characterText.encode(completion);
  const tokens = new Int32Array(promptLength + answer.length).fill(80);
  tokens.set(answer, promptLength);
  return {
    example,
    group,
    tokens,
    promptLength,
    logprobs: new Float32Array(answer.length).map((_, i) => -0.5 - i / 8),
    entropies: new Float32Array(answer.length).fill(1.5),
    completion,
    finish: 'stop',
  };
}
