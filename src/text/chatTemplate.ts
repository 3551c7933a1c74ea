import { Template } from '@huggingface/jinja';
import { renderBounded, TEMPLATE_DATE } from './boundedTemplate';
import type { Tokenizer } from './tokenizer';

/** One message of a conversation (structurally domain/example.ts's Message). */
export interface ChatMessage {
  readonly role: 'system' | 'developer' | 'user' | 'assistant';
  readonly content: string;
}

export interface ChatOptions {
  /** Ends with the opening of the assistant's turn. */
  readonly addGenerationPrompt: boolean;
  /** Qwen3: false puts empty thinking into the opening. Left to the template when absent. */
  readonly enableThinking?: boolean;
  /** The last message is not closed: the model goes on where it ends. Excludes addGenerationPrompt. */
  readonly continueFinal?: boolean;
}

/** The checkpoint's template cannot write a conversation. */
export class ChatTemplateError extends Error {
  override readonly name = 'ChatTemplateError';
}

/** … this one, though it may write others. */
export class ConversationRefused extends ChatTemplateError {}

/** What SmolLM2 and Qwen use, for checkpoints that have its tokens but no template. */
const CHATML = `{% for message in messages %}<|im_start|>{{ message['role'] + '\\n' + message['content'] }}<|im_end|>
{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant
{% endif %}`;

const templates = new WeakMap<Tokenizer, Template>();

/**
 * A conversation in the checkpoint's own format, as token ids. Control tokens come from the template only: a message
 * that says `<|im_end|>` or `<think>` yields the letters. A thought in an assistant's turn is treated as the template
 * treats it, where it takes thoughts out. Throws ChatTemplateError.
 */
export function encodeChat(
  tokenizer: Tokenizer,
  messages: readonly ChatMessage[],
  { addGenerationPrompt, enableThinking, continueFinal = false }: ChatOptions,
): Int32Array<ArrayBuffer> {
  if (continueFinal && addGenerationPrompt) throw new Error('continueFinal and addGenerationPrompt exclude each other');
  if (messages.length === 0) throw new ChatTemplateError('The conversation has no messages');
  const [mark, cut] = unusedCharacters(messages, tokenizer.chatTemplate ?? '');

  // A mark after every character that may begin a marker: no marker can then be read out of a message, not even one
  // that the message only begins. Marks leave the text before it is encoded, so that trimming and comparing in the
  // template still work.
  const starts = startPattern(tokenizer);
  const plain = (text: string) => text.replace(starts, (start) => start + mark);
  const inTurn = (text: string) => guardedEnds(plain(text), mark);
  const marked = messages.map(({ role, content }, i) => ({
    role,
    content:
      (role === 'assistant' && parsesThoughts(tokenizer) ? markedAround(content, inTurn) : plain(content)) +
      (continueFinal && i === messages.length - 1 ? cut : ''),
  }));
  let text = renderAll(tokenizer, marked, { addGenerationPrompt, enableThinking });
  if (continueFinal) {
    const end = text.lastIndexOf(cut);
    if (end < 0)
      throw new ChatTemplateError("The chat template leaves out the last message's text: it cannot be continued");
    text = text.slice(0, end);
  }
  return encodeTemplateText(tokenizer, text, mark);
}

const CLOSE = '</think>';

/**
 * The tags up to the last closing one are left to a template that takes thoughts out by them: none of them then stands
 * in what it writes. After that one, and around them, every marker is marked.
 */
function markedAround(content: string, plain: (text: string) => string): string {
  const end = content.lastIndexOf(CLOSE) + CLOSE.length;
  if (end < CLOSE.length) return plain(content);
  const thoughts = content.slice(0, end).split(/(<\/?think>)/);
  return thoughts.map((part, i) => (i % 2 === 1 ? part : plain(part))).join('') + plain(content.slice(end));
}

/** A template strips line breaks around a thought; the renderer here strips all white space, which a mark stops. */
const guardedEnds = (text: string, mark: string): string =>
  text.replace(/^\n*(?=[^\S\n])/, (start) => start + mark).replace(/(?<=[^\S\n])\n*$/, (end) => mark + end);

const parsing = new WeakMap<Tokenizer, boolean>();

/**
 * Whether the template takes the thoughts out of an assistant's turn, told by what it does with two: nothing before the
 * last one may be left.
 */
function parsesThoughts(tokenizer: Tokenizer): boolean {
  const known = parsing.get(tokenizer);
  if (known !== undefined) return known;
  const user: ChatMessage = { role: 'user', content: 'north' };
  const reply: ChatMessage = { role: 'assistant', content: `east<think>oak</think>west<think>elm${CLOSE}south` };
  const parsed = [
    [user, reply],
    [user, reply, user],
  ].every((messages) => {
    try {
      const text = render(tokenizer, messages, { addGenerationPrompt: false });
      return text.includes('south') && !/east|west|elm/.test(text) && (messages.length === 2 || !text.includes('oak'));
    } catch {
      return false;
    }
  });
  const source = tokenizer.chatTemplate ?? '';
  const found = parsed && source.includes(CLOSE) && /strip\(\s*['"]\\n['"]/.test(source);
  parsing.set(tokenizer, found);
  return found;
}

/** Characters of a template; published ones have up to 20,000. */
const LONGEST_TEMPLATE = 1_000_000;

const PROBE = 'Which way is north?';

/**
 * Throws ChatTemplateError when the template cannot write a conversation of one message, or leaves that message out.
 */
export function checkTemplate(tokenizer: Tokenizer): void {
  const text = render(tokenizer, [{ role: 'user', content: PROBE }], { addGenerationPrompt: true });
  if (!text.includes(PROBE))
    throw new ChatTemplateError("The checkpoint's chat template leaves out the user's message");
}

/**
 * A template that does not know the developer's role gets it as the system's, which it replaced. Throws where a
 * template leaves an instruction out: a model must not answer without it, unnoticed.
 */
function renderAll(tokenizer: Tokenizer, messages: readonly ChatMessage[], options: RenderOptions): string {
  const lost = (text: string) =>
    messages.find(({ role, content }) => isInstruction(role) && !text.includes(content.trim()))?.role;
  const developers = messages.some(({ role }) => role === 'developer');
  let text = '';
  try {
    text = render(tokenizer, messages, options);
  } catch (error) {
    if (!developers) throw error;
  }
  if (developers && (text === '' || lost(text) === 'developer')) {
    const asSystem = messages.map((message) =>
      message.role === 'developer' ? { ...message, role: 'system' as const } : message,
    );
    text = render(tokenizer, asSystem, options);
  }
  const missing = lost(text);
  if (missing)
    throw new ConversationRefused(`The chat template has no place for a ${missing} message in this conversation`);
  return text;
}

const isInstruction = (role: ChatMessage['role']): boolean => role === 'system' || role === 'developer';

interface RenderOptions {
  readonly addGenerationPrompt: boolean;
  readonly enableThinking?: boolean | undefined;
}

function render(tokenizer: Tokenizer, messages: readonly ChatMessage[], options: RenderOptions): string {
  try {
    const items = {
      messages,
      add_generation_prompt: options.addGenerationPrompt,
      ...(options.enableThinking === undefined ? {} : { enable_thinking: options.enableThinking }),
      ...tokenizer.templateTokens,
      date_string: TEMPLATE_DATE,
    };
    const given = messages.reduce((sum, { content }) => sum + content.length, 0);
    return renderBounded(templateOf(tokenizer), items, given);
  } catch (cause) {
    if (cause instanceof ChatTemplateError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ConversationRefused(`The checkpoint's chat template refuses this conversation: ${reason}`, { cause });
  }
}

function templateOf(tokenizer: Tokenizer): Template {
  let template = templates.get(tokenizer);
  if (!template) {
    const source = tokenizer.chatTemplate ?? (tokenizer.markers.has('<|im_start|>') ? CHATML : null);
    if (source === null) {
      throw new ChatTemplateError(
        'The checkpoint has no chat template: use an instruct model, or one whose tokenizer files include it',
      );
    }
    if (source.length > LONGEST_TEMPLATE) throw new ChatTemplateError("The checkpoint's chat template is too long");
    try {
      template = new Template(source);
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new ChatTemplateError(`The checkpoint's chat template cannot be read: ${reason}`, { cause });
    }
    templates.set(tokenizer, template);
  }
  return template;
}

/** Markers become their tokens, longest spelling first; the text between them is plain once the marks are out. */
function encodeTemplateText(tokenizer: Tokenizer, text: string, mark: string): Int32Array<ArrayBuffer> {
  const spellings = [...tokenizer.markers.keys()].sort((a, b) => b.length - a.length);
  const pieces = spellings.length > 0 ? text.split(new RegExp(`(${spellings.map(escapeRegExp).join('|')})`)) : [text];
  const ids: number[] = [];
  for (const [i, piece] of pieces.entries()) {
    const marker = tokenizer.markers.get(piece);
    if (marker !== undefined) {
      ids.push(marker);
      continue;
    }
    const [before, after] = [pieces[i - 1], pieces[i + 1]].map((next) => tokenizer.markers.get(next ?? ''));
    let plain = piece.replaceAll(mark, '');
    if (before !== undefined && tokenizer.swallowsAfter.has(before)) plain = plain.trimStart();
    if (after !== undefined && tokenizer.swallowsBefore.has(after)) plain = plain.trimEnd();
    for (const id of tokenizer.encode(plain, i === 0 ? 'start' : 'afterMarker')) ids.push(id);
  }
  return Int32Array.from(ids);
}

function startPattern(tokenizer: Tokenizer): RegExp {
  const starts = new Set([...tokenizer.markers.keys()].map((marker) => String.fromCodePoint(marker.codePointAt(0)!)));
  return starts.size > 0 ? new RegExp([...starts].map(escapeRegExp).join('|'), 'gu') : /(?!)/;
}

/** Two private-use characters that occur nowhere. */
function unusedCharacters(messages: readonly ChatMessage[], template: string): [string, string] {
  const texts = [template, ...messages.map(({ content }) => content)];
  const unused: string[] = [];
  for (let code = 0xe000; unused.length < 2; code++) {
    if (code > 0xf8ff) throw new ChatTemplateError('The conversation uses every private-use character');
    const character = String.fromCharCode(code);
    if (!texts.some((text) => text.includes(character))) unused.push(character);
  }
  return [unused[0]!, unused[1]!];
}

const escapeRegExp = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
