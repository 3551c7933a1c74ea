import { ACTS, type ActName, performs } from '../../src/data/syntheticWorld';
import { drawAnswer } from './answer';
import type { Draw } from './draw';
import { SENTENCES } from './sentences';
import { drawSituation, type Situation } from './world';

export interface Turn {
  readonly role: 'user' | 'assistant';
  readonly content: string;
}

/**
 * An example of supervised training: an answer, a grading in the grader's form, or a checklist, which teaches to look
 * things up.
 */
export interface SftExample {
  readonly kind: 'answer' | 'grading' | 'checklist';
  readonly turns: readonly Turn[];
}

const NAMES = Object.keys(ACTS) as ActName[];
const EXPLANATIONS = { met: 'The answer says so.', notMet: 'The answer does not say so.' } as const;
/** Share of gradings with an explanation: forced mode has one, verdict mode has none. */
const EXPLAINED = 0.2;
/**
 * Sentences of a graded answer: more than the model writes at first, because the policy learns to write more and must
 * still be graded well.
 */
const GRADED = [2, 3, 4, 5, 6, 7, 8];

export function answerExample(draw: Draw): SftExample {
  const situation = drawSituation(draw);
  const turns: Turn[] = [
    { role: 'user', content: situation.message },
    { role: 'assistant', content: drawAnswer(situation, draw) },
  ];
  return { kind: 'answer', turns };
}

/**
 * One answer and several criteria, the first in the grader's prompt, the others as further turns: the answer is read
 * once, and there is much to learn from each token.
 */
export function gradingExample(draw: Draw, template: string, criteria: number): SftExample {
  const situation = drawSituation(draw);
  const answer = drawAnswer(situation, draw, draw.pick(GRADED));
  const turns = drawCriteria(situation, answer, draw, criteria).flatMap((act, i): Turn[] => {
    const { criterion } = ACTS[act];
    const asked = i === 0 ? filled(template, situation.message, answer, criterion) : `Criterion:\n${criterion}`;
    const met = performs(ACTS[act], answer);
    const explanation = draw.uniform() < EXPLAINED ? EXPLANATIONS[met ? 'met' : 'notMet'] : '';
    return [
      { role: 'user', content: asked },
      { role: 'assistant', content: `{"explanation": "${explanation}", "criteria_met": ${met}}` },
    ];
  });
  return { kind: 'grading', turns };
}

/** One answer and many criteria, each followed at once by its verdict: a few tokens per verdict. */
export function checklistExample(draw: Draw, template: string, criteria: number): SftExample {
  const situation = drawSituation(draw);
  const answer = drawAnswer(situation, draw, draw.pick(GRADED));
  const lines = checklist(drawCriteria(situation, answer, draw, criteria), answer);
  return { kind: 'checklist', turns: [{ role: 'user', content: filled(template, situation.message, answer, lines) }] };
}

/**
 * A checklist over an answer of any acts. With one sentence and no conversation, a model of this size learns within two
 * hundred thousand tokens what "the answer says it" means; on whole answers alone it had not after four hundred
 * thousand.
 */
export function lessonExample(
  draw: Draw,
  template: string,
  { sentences, criteria, inConversation }: { sentences: number; criteria: number; inConversation: boolean },
): SftExample {
  const order = draw.shuffle(NAMES);
  const said = order.slice(0, sentences);
  const others = order.slice(sentences);
  const answer = said.map((act) => draw.pick(SENTENCES[act])).join(' ');
  const half = Math.min(sentences, criteria / 2);
  const asked = [...draw.shuffle(said).slice(0, half), ...others.slice(0, criteria - half)];
  const lines = checklist(draw.shuffle(asked), answer);
  const content = inConversation
    ? filled(template, drawSituation(draw).message, answer, lines)
    : `assistant: ${answer}\n\nCriterion:\n${lines}`;
  return { kind: 'checklist', turns: [{ role: 'user', content }] };
}

const checklist = (acts: readonly ActName[], answer: string): string =>
  acts.map((act) => `${ACTS[act].criterion}: ${performs(ACTS[act], answer)}`).join('\n');

/** The grader's prompt, as grading/graderPrompt.ts fills it. */
const filled = (template: string, message: string, answer: string, criterion: string): string =>
  template
    .replace('<<conversation>>', () => `user: ${message}\n\nassistant: ${answer}`)
    .replace('<<rubric_item>>', () => criterion);

/** Half met, the other half mostly of the rubric, as far as there are; in any order. */
function drawCriteria(situation: Situation, answer: string, draw: Draw, count: number): ActName[] {
  const met = draw.shuffle(NAMES.filter((act) => performs(ACTS[act], answer)));
  const rubric = situation.rubric.map(([act]) => act);
  const missed = draw.shuffle(rubric.filter((act) => !met.includes(act)));
  const others = draw.shuffle(NAMES.filter((act) => !met.includes(act) && !missed.includes(act)));
  if (count === 1) return [draw.pick([draw.pick(met.length > 0 ? met : others), missed[0] ?? others[0]!])];
  const half = Math.round(count / 2);
  const chosen = [...met.slice(0, half), ...missed.slice(0, count - half - 1), ...others];
  return draw.shuffle(chosen.slice(0, count));
}
