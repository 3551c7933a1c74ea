import type { Message } from '../domain/example';
import { encodeChat } from './chatTemplate';
import type { Tokenizer } from './tokenizer';

/** Text to tokens and back, as rl needs it. What people, rows and models wrote never becomes a control token. */
export interface ChatText {
  /**
   * A conversation up to the point where the assistant begins to write. `thinking` false asks a reasoning model to
   * answer at once.
   */
  encodeChat(messages: readonly Message[], options?: { readonly thinking?: boolean }): Int32Array;
  /** Plain text that goes on where another ends. */
  encode(text: string): Int32Array;
  /** Text without control tokens. Bytes cut in the middle of a character become U+FFFD. */
  decode(tokens: Int32Array): string;
  /** (V) the text of each token by itself. */
  readonly tokenTexts: readonly string[];
}

/** Over a checkpoint's tokenizer and chat template. */
export function chatText(tokenizer: Tokenizer): ChatText {
  let texts: string[] | undefined;
  return {
    encodeChat: (messages, { thinking } = {}) =>
      encodeChat(tokenizer, messages, {
        addGenerationPrompt: true,
        ...(thinking !== undefined && { enableThinking: thinking }),
      }),
    encode: (text) => tokenizer.encode(text, 'within'),
    decode: (tokens) => tokenizer.decode(tokens),
    get tokenTexts() {
      texts ??= Array.from({ length: tokenizer.vocabularySize }, (_, token) => tokenizer.tokenText(token));
      return texts;
    },
  };
}
