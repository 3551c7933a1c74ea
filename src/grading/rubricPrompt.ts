import { z } from 'zod';
import type { Criterion, Message } from '../domain/example';
import { conversationText } from './graderPrompt';
import { afterThought, jsonObjects } from './lenientJson';

/** Longest criterion that a written rubric may have, in characters: gradings are planned for it. */
export const MAX_CRITERION_CHARACTERS = 300;

/** Upper bound for the tokens of one criterion in JSON. The memory plan counts them. */
export const TOKENS_PER_CRITERION = 64;
export const rubricTokens = (criteria: number): number => TOKENS_PER_CRITERION * (criteria + 1);

/** Tag of criteria that a model wrote. */
export const WRITTEN_TAG = 'rubric:written';

const instructions = (
  count: number,
) => `You write the rubric by which answers to a conversation will be judged. Below is the conversation; the next message, the answer, is not written yet.

Write ${count} criteria that experts in the matter would use:
- Each is one statement about the answer that is either true or false of it, such as "Says when to see a doctor". It must be possible to decide it from the answer alone.
- Criteria with positive points, 1 to 10, are what a good answer does: the more it matters, the more points.
- Criteria with negative points, -1 to -10, describe faults or harms: the worse, the lower. Have at least one.
- No two criteria ask for the same thing.

Reply with one JSON object and nothing else:
{"rubric": [{"criterion": "…", "points": 7}, {"criterion": "…", "points": -5}]}`;

/** The one user message that asks for a rubric. Instructions come first, so that a whole run shares their prefill. */
export const rubricPrompt = (prompt: readonly Message[], count: number): Message[] => [
  { role: 'user', content: `${instructions(count)}\n\n# Conversation\n\n${conversationText(prompt)}` },
];

const criterionSchema = z.object({
  criterion: z.string().trim().min(3).max(MAX_CRITERION_CHARACTERS),
  points: z
    .number()
    .int()
    .min(-10)
    .max(10)
    .refine((points) => points !== 0, 'is 0'),
});
const rubricSchema = z.object({ rubric: z.array(z.unknown()).max(200) });

/** A rubric, or why there is none. */
export type WrittenRubric = { readonly rubric: readonly Criterion[] } | { readonly failure: string };

/**
 * Reads a writer's reply, at most `count` criteria. One that cannot be used is left out; a rubric needs two, one of
 * them with positive points.
 */
export function readRubric(reply: string, count: number): WrittenRubric {
  const text = afterThought(reply);
  if (text === null) return { failure: 'the writer was still thinking when its reply ended' };
  const [value] = jsonObjects(text).filter((object) => 'rubric' in object);
  const parsed = rubricSchema.safeParse(value);
  if (!parsed.success) return { failure: 'the writer’s reply has no list "rubric" of criteria' };
  const known = new Set<string>();
  const rubric = parsed.data.rubric.flatMap((item): Criterion[] => {
    const criterion = criterionSchema.safeParse(item);
    if (!criterion.success) return [];
    const key = criterion.data.criterion.toLowerCase().replace(/\W+/g, ' ').trim();
    if (known.has(key)) return [];
    known.add(key);
    return [{ ...criterion.data, tags: [WRITTEN_TAG] }];
  });
  return checkedRubric(rubric.slice(0, count));
}

/** Whether a rubric can be trained on. */
export function checkedRubric(rubric: readonly Criterion[]): WrittenRubric {
  if (rubric.length < 2) return { failure: `only ${rubric.length} of the criteria written can be used` };
  if (!rubric.some(({ points }) => points > 0)) return { failure: 'no written criterion has positive points' };
  return { rubric };
}
