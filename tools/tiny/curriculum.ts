import { answerDocument, checklistDocument, type Document, gradingDocument, lessonDocument } from './documents';
import type { Draw } from './draw';

/** Shares of all tokens after which the next stage begins. */
const LONGER = 0.12;
const WHOLE = 0.28;
const GRADING = 0.38;
const ONLY_GRADING = 0.52;

/** Share of documents that are answers, once looking up is learned: any earlier and it is not. */
const ANSWERS = 0.35;
/** Checklists that stay to the end. */
const REST = 0.05;

/**
 * The document to learn from when a share `progress` (0 to 1) of the tokens has been seen: one sentence and two criteria, then more
 * sentences, then whole answers, and at last gradings in the form in which they are asked for.
 */
export function drawDocument(progress: number, draw: Draw, template: string): Document {
  if (progress < LONGER) {
    return lessonDocument(draw, template, { sentences: 1, criteria: 2, inConversation: false });
  }
  if (progress < WHOLE) {
    const inConversation = draw.uniform() < (progress - LONGER) / (WHOLE - LONGER);
    return lessonDocument(draw, template, { sentences: draw.pick([1, 2, 3, 4]), criteria: 4, inConversation });
  }
  if (draw.uniform() < ANSWERS) return answerDocument(draw);
  const checklists = Math.max(REST, Math.min(1, (ONLY_GRADING - progress) / (ONLY_GRADING - GRADING)));
  return draw.uniform() < checklists
    ? checklistDocument(draw, template, 10)
    : gradingDocument(draw, template, draw.pick([1, 4, 8]));
}
