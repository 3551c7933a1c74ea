import type { LabelledVerdict } from '../data/labelledVerdicts';
import type { Example } from '../domain/example';
import type { GraderConfig } from '../domain/recipe/grader';
import { verdictForms } from '../grading/gradeForced';
import { type GraderTemplate, graderPrompt } from '../grading/graderPrompt';
import { concat } from '../grading/gradingRequest';
import type { ChatText } from '../text/chatText';

/** The part of the grader's recipe that shapes its prompt. */
type PromptConfig = Pick<GraderConfig, 'mode' | 'thinking'>;

/** A supervised example: tokens (T). The tokens from `lossFrom` on carry loss, those before are its prompt. */
export interface SftExample {
  readonly tokens: Int32Array;
  readonly lossFrom: number;
}

/**
 * The token that closes an assistant's turn: of a checkpoint's end tokens the one that its chat template writes there;
 * the first where it writes none.
 */
export function turnEnd(text: ChatText, endTokens: readonly number[]): number | null {
  const closed = new Set(
    text.encodeChat([
      { role: 'user', content: 'a' },
      { role: 'assistant', content: 'b' },
      { role: 'user', content: 'c' },
    ]),
  );
  return endTokens.find((token) => closed.has(token)) ?? endTokens[0] ?? null;
}

/** A prompt with its ideal completion, in the tokens of a rollout: the policy's own chat template and end token. */
export function answerExample(
  { prompt, idealCompletion }: Pick<Example, 'prompt'> & { readonly idealCompletion: string },
  { text, thinking, end }: { text: ChatText; thinking?: boolean; end: number | null },
): SftExample {
  const tokens = text.encodeChat(prompt, thinking === undefined ? {} : { thinking });
  return withReply(tokens, text.encode(idealCompletion), end);
}

/**
 * A grading prompt with its grade, in the tokens that the grader reads and writes. Without an explanation only the
 * verdict carries loss, after an empty explanation as in verdict mode: the model does not learn to leave explanations
 * empty.
 */
export function gradingExample(
  { prompt, completion, criterion, points, met, explanation }: LabelledVerdict,
  {
    text,
    template,
    grader,
    end,
  }: { text: ChatText; template: GraderTemplate; grader: PromptConfig; end: number | null },
): SftExample {
  const messages = graderPrompt(template, prompt, completion, { criterion, points });
  const thinking = grader.mode === 'json' ? grader.thinking : false;
  const tokens = text.encodeChat(messages, thinking === undefined ? {} : { thinking });
  const frame = `{"explanation": ${JSON.stringify(explanation)}, "criteria_met":`;
  if (explanation !== '') return withReply(tokens, text.encode(`${frame} ${met}}`), end);
  const { prefix, whenTrue, whenFalse } = verdictForms(text, frame);
  const before = concat(tokens, prefix);
  return withReply(before, Int32Array.of(met ? whenTrue[0]! : whenFalse[0]!), null);
}

function withReply(prompt: Int32Array, reply: Int32Array, end: number | null): SftExample {
  const tokens = concat(prompt, reply, end === null ? Int32Array.of() : Int32Array.of(end));
  return { tokens, lossFrom: prompt.length };
}
