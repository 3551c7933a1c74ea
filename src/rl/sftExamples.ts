import type { LabelledVerdict } from '../data/labelledVerdicts';
import type { Example } from '../domain/example';
import type { GraderConfig } from '../domain/recipe/grader';
import { verdictForms } from '../grading/gradeForced';
import { type GraderTemplate, graderPrompt } from '../grading/graderPrompt';
import type { ChatText } from '../text/chatText';

/** How a grader is asked. */
type AskedAs = Pick<GraderConfig, 'mode' | 'thinking'>;

/** A text to learn by heart: tokens (T), of which those from `lossFrom` on carry loss. */
export interface SftExample {
  readonly tokens: Int32Array;
  readonly lossFrom: number;
}

/**
 * The token that closes an assistant's turn: of a checkpoint's end tokens the one that its chat template writes there; the first where it writes none.
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

/** A prompt with its ideal completion as the answer, exactly as the policy is asked and would end it. */
export function answerExample(
  { prompt, idealCompletion }: Pick<Example, 'prompt'> & { readonly idealCompletion: string },
  { text, thinking, end }: { text: ChatText; thinking?: boolean; end: number | null },
): SftExample {
  const asked = text.encodeChat(prompt, thinking === undefined ? {} : { thinking });
  return reply(asked, text.encode(idealCompletion), end);
}

/**
 * A grading as the grader is asked and would give it. Without an explanation only the verdict carries loss, after an empty one, as in verdict mode:
 * nothing is learned of giving no reason.
 */
export function gradingExample(
  { prompt, completion, criterion, points, met, explanation }: LabelledVerdict,
  { text, template, grader, end }: { text: ChatText; template: GraderTemplate; grader: AskedAs; end: number | null },
): SftExample {
  const messages = graderPrompt(template, prompt, completion, { criterion, points });
  const thinking = grader.mode === 'json' ? grader.thinking : false;
  const asked = text.encodeChat(messages, thinking === undefined ? {} : { thinking });
  const frame = `{"explanation": ${JSON.stringify(explanation)}, "criteria_met":`;
  if (explanation !== '') return reply(asked, text.encode(`${frame} ${met}}`), end);
  const { prefix, whenTrue, whenFalse } = verdictForms(text, frame);
  const before = reply(asked, prefix, null).tokens;
  return { ...reply(before, Int32Array.of(met ? whenTrue[0]! : whenFalse[0]!), null) };
}

function reply(asked: Int32Array, said: Int32Array, end: number | null): SftExample {
  const tokens = new Int32Array(asked.length + said.length + (end === null ? 0 : 1));
  tokens.set(asked);
  tokens.set(said, asked.length);
  if (end !== null) tokens[tokens.length - 1] = end;
  return { tokens, lossFrom: asked.length };
}
