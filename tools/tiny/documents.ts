import { ACTS, type ActName, performs } from '../../src/rubric/tinyWorld';
import { drawAnswer } from './answer';
import type { Draw } from './draw';
import { drawSituation, type Situation } from './world';

/** A turn of a training document; `weight` is that of the assistant's tokens in the loss, 0 for what others say. */
export interface Turn {
  readonly role: 'user' | 'assistant';
  readonly content: string;
}

export interface Document {
  readonly kind: 'answer' | 'grading';
  readonly turns: readonly Turn[];
}

export const EXPLANATIONS = { met: 'The answer says so.', notMet: 'The answer does not say so.' } as const;

/** What the grader writes. Mostly without an explanation, as in the verdict mode. */
export function verdictText(met: boolean, explained: boolean): string {
  const explanation = explained ? (met ? EXPLANATIONS.met : EXPLANATIONS.notMet) : '';
  return `{"explanation": "${explanation}", "criteria_met": ${met}}`;
}

export function answerDocument(draw: Draw): Document {
  const situation = drawSituation(draw);
  return {
    kind: 'answer',
    turns: [
      { role: 'user', content: situation.message },
      { role: 'assistant', content: drawAnswer(situation, draw) },
    ],
  };
}

/**
 * One answer and several criteria, the first in the grader's prompt, the others as further turns: the answer is read once, and
 * there is much to learn from each token.
 */
export function gradingDocument(draw: Draw, template: string, criteria: number): Document {
  const situation = drawSituation(draw);
  const answer = drawAnswer(situation, draw);
  const [before, after] = template
    .replace('<<conversation>>', () => `user: ${situation.message}\n\nassistant: ${answer}`)
    .split('<<rubric_item>>');
  const turns: Turn[] = [];
  for (const act of drawCriteria(situation, answer, draw, criteria)) {
    const criterion = ACTS[act].criterion;
    const content = turns.length === 0 ? `${before}${criterion}${after}` : `Criterion:\n${criterion}`;
    turns.push({ role: 'user', content });
    turns.push({ role: 'assistant', content: verdictText(performs(ACTS[act], answer), draw.uniform() < 0.2) });
  }
  return { kind: 'grading', turns };
}

/** Half of the rubric's kind, half of what the answer truly does, as far as there is; in any order. */
function drawCriteria(situation: Situation, answer: string, draw: Draw, count: number): ActName[] {
  const all = Object.keys(ACTS) as ActName[];
  const met = draw.shuffle(all.filter((act) => performs(ACTS[act], answer)));
  const inRubric = situation.rubric.map(([act]) => act);
  const missed = draw.shuffle(inRubric.filter((act) => !met.includes(act)));
  const others = draw.shuffle(all.filter((act) => !met.includes(act) && !missed.includes(act)));
  const half = Math.round(count / 2);
  const chosen = [...met.slice(0, half), ...missed.slice(0, count - half - 1), ...others];
  return draw.shuffle(chosen.slice(0, count));
}
