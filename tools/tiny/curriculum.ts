import { answerDocument, checklistDocument, type Document, gradingDocument, lessonDocument } from './documents';
import type { Draw } from './draw';

/** Shares of all tokens after which the next stage begins. */
const LONGER = 0.18;
const WHOLE = 0.38;
const GRADING = 0.52;
const ONLY_GRADING = 0.7;

/** Share of documents that are answers, before whole answers are graded and after. */
const FEW_ANSWERS = 0.2;
const ANSWERS = 0.4;
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
  if (draw.uniform() < (progress < WHOLE ? FEW_ANSWERS : ANSWERS)) return answerDocument(draw);
  if (progress < WHOLE) {
    const inConversation = draw.uniform() < (progress - LONGER) / (WHOLE - LONGER);
    return lessonDocument(draw, template, { sentences: draw.pick([1, 2, 3, 4]), criteria: 4, inConversation });
  }
  const checklists = Math.max(REST, Math.min(1, (ONLY_GRADING - progress) / (ONLY_GRADING - GRADING)));
  return draw.uniform() < checklists
    ? checklistDocument(draw, template, 10)
    : gradingDocument(draw, template, draw.pick([1, 4, 8]));
}
