import type { Criterion, Message } from '../domain/example';
import { visibleAnswer } from '../domain/visibleAnswer';

/**
 * Our own grader prompt: instructions, then conversation and answer, the criterion last. In this order a whole run shares the prefill
 * of the instructions, and all criteria of an answer share that of the conversation.
 */
const INSTRUCTIONS = `You check one answer against one criterion. Below are a conversation and a criterion. Judge only the last assistant message; what comes before it is context.

Rules:
- Decide whether the criterion is true of the last assistant message, exactly as it is worded.
- A criterion with several parts is met only if every part is.
- A list after "such as", "for example", "e.g." or "including" gives examples: not all of them are needed, and others of the same kind will do.
- Some criteria describe a fault or a harm. Such a criterion is met when the bad thing is really there, and not met when the answer is free of it. Do not turn it around, and do not judge whether the answer is good as a whole.
- Go by what the message says, not by what it may have meant. If it is silent on something that must be said, that is not met.

Reply with one JSON object and nothing else: first "explanation", one or two sentences that give the reason, then "criteria_met", true or false.
{"explanation": "…", "criteria_met": true or false}`;

const OWN_TEMPLATE = `${INSTRUCTIONS}

# Conversation

<<conversation>>

# Criterion

<<rubric_item>>`;

/** A template made ready: text and slots in order. */
export type GraderTemplate = readonly (
  | { readonly text: string }
  | { readonly slot: 'conversation' | 'criterion' | 'points' }
)[];

const SLOTS = {
  '<<conversation>>': 'conversation',
  '<<rubric_item>>': 'criterion',
  '<<points>>': 'points',
} as const;

/**
 * Splits a template at its slots once, so that nothing in a conversation can be taken for one. `<<rubric_item>>` becomes the criterion
 * alone, as in the method's training code; simple-evals' evaluation has "[<<points>>] <<rubric_item>>" there. Throws when a slot is missing.
 */
export function parseTemplate(template: string = OWN_TEMPLATE): GraderTemplate {
  const parts = template
    .trim()
    .split(/(<<conversation>>|<<rubric_item>>|<<points>>)/)
    .filter((part) => part !== '')
    .map((part) => (part in SLOTS ? { slot: SLOTS[part as keyof typeof SLOTS] } : { text: part }));
  const slots = parts.flatMap((part) => ('slot' in part ? [part.slot] : []));
  if (!slots.includes('conversation') || !slots.includes('criterion')) {
    throw new Error('The grader template needs <<conversation>> and <<rubric_item>>.');
  }
  return parts;
}

/** The one user message with which the grader grades one criterion of one answer. */
export function graderPrompt(
  template: GraderTemplate,
  prompt: readonly Message[],
  completion: string,
  { criterion, points }: Pick<Criterion, 'criterion' | 'points'>,
): Message[] {
  const slots = {
    conversation: conversationText([...prompt, { role: 'assistant', content: visibleAnswer(completion) }]),
    criterion,
    points: String(points),
  };
  const content = template.map((part) => ('slot' in part ? slots[part.slot] : part.text)).join('');
  return [{ role: 'user', content }];
}

/** "role: content" joined by blank lines (simple-evals). */
export const conversationText = (messages: readonly Message[]): string =>
  messages.map(({ role, content }) => `${role}: ${content}`).join('\n\n');
