import type { CriterionGrade } from '../domain/verdict';
import { lastObject } from './lastObject';
import { afterThought } from './lenientJson';

/** A missing grade and why it is missing. */
export const ungraded = (failure: string, explanation = ''): CriterionGrade => ({
  verdict: 'ungraded',
  explanation,
  confidence: null,
  failure,
});

const graded = (met: boolean, explanation: string): CriterionGrade => ({
  verdict: met ? 'met' : 'notMet',
  explanation,
  confidence: null,
  failure: null,
});

/**
 * Reads a grader's reply. After the last thought it must end in one complete JSON object (lastObject.ts says what may
 * stand around it) that has a real boolean `criteria_met` once, as its last key: whatever an answer makes the grader
 * quote is then no verdict. Everything else is ungraded, with the reason.
 */
export function readVerdict(reply: string): CriterionGrade {
  const text = afterThought(reply);
  if (text === null) return ungraded('the grader was still thinking when its reply ended');
  if (text === '') return ungraded('the grader’s reply is empty');
  if (!text.includes('criteria_met')) return ungraded('the grader’s reply has no criteria_met');

  const last = lastObject(text);
  if (last === null)
    return ungraded('the grader’s reply does not end in one complete JSON object on a line of its own');
  const { fields, keys } = last;
  const explanation = typeof fields.explanation === 'string' ? fields.explanation : '';
  const twice = keys.find(({ name }, i) => keys.findIndex((other) => other.name === name) < i);
  if (twice) return ungraded(`the grader’s reply has ${JSON.stringify(twice.name.slice(0, 40))} twice`, explanation);
  const end = keys.at(-1);
  if (end?.name !== 'criteria_met' || end.inner)
    return ungraded('criteria_met is not the last key of the reply', explanation);
  const met = fields.criteria_met;
  if (typeof met === 'boolean') return graded(met, explanation);
  return ungraded(`criteria_met is ${JSON.stringify(met)?.slice(0, 40)}, not true or false`, explanation);
}
