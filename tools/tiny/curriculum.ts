import type { Draw } from './draw';
import { answerExample, checklistExample, gradingExample, lessonExample, type SftExample } from './sftExamples';

/** Shares of all tokens after which the next stage begins. */
const LONGER = 0.12;
const WHOLE = 0.28;
const GRADING = 0.38;
const ONLY_GRADING = 0.52;

/** Share of examples that are answers, after the model has learned to look up; earlier, it never learns to. */
const ANSWERS = 0.35;
/** Checklists that stay to the end. */
const REST = 0.05;

/**
 * The example to learn from when a share `progress` (0 to 1) of the tokens has been seen: one sentence and two
 * criteria, then more sentences, then whole answers, and at last gradings in the grader's form.
 */
export function drawExample(progress: number, draw: Draw, template: string): SftExample {
  if (progress < LONGER) {
    return lessonExample(draw, template, { sentences: 1, criteria: 2, inConversation: false });
  }
  if (progress < WHOLE) {
    const inConversation = draw.uniform() < (progress - LONGER) / (WHOLE - LONGER);
    return lessonExample(draw, template, { sentences: draw.pick([1, 2, 3, 4]), criteria: 4, inConversation });
  }
  if (draw.uniform() < ANSWERS) return answerExample(draw);
  const checklists = Math.max(REST, Math.min(1, (ONLY_GRADING - progress) / (ONLY_GRADING - GRADING)));
  return draw.uniform() < checklists
    ? checklistExample(draw, template, 10)
    : gradingExample(draw, template, draw.pick([1, 4, 8]));
}
