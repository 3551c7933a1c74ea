import type { CriterionGrade } from '../domain/verdict';
import { afterThought, jsonObjects } from './lenientJson';

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
 * Reads a grader's reply: the JSON object after the last thought, fenced or bare, with a real boolean `criteria_met`. Lenient about layout
 * (text around it, raw line breaks in strings, a trailing comma), never about the verdict: anything else is ungraded, with the reason.
 */
export function readVerdict(reply: string): CriterionGrade {
  const text = afterThought(reply);
  if (text === null) return ungraded('the grader was still thinking when its reply ended');
  if (text === '') return ungraded('the grader’s reply is empty');

  const found = jsonObjects(text).filter((value) => 'criteria_met' in value);
  if (found.length === 0) return fromBrokenJson(text);

  const verdicts = new Set(found.map((value) => value.criteria_met));
  if (verdicts.size > 1) return ungraded('the grader gave two different verdicts');
  const value = found[0]!;
  const explanation = typeof value.explanation === 'string' ? value.explanation : '';
  const met = value.criteria_met;
  if (typeof met === 'boolean') return graded(met, explanation);
  return ungraded(`criteria_met is ${JSON.stringify(met)?.slice(0, 40)}, not true or false`, explanation);
}

/** No object could be parsed (a quote too many in the explanation, no closing brace): a bare `"criteria_met": true` still is a verdict. */
function fromBrokenJson(text: string): CriterionGrade {
  const matches = [...text.matchAll(/["']?criteria_met["']?\s*:\s*(true|false)\b/gi)];
  const verdicts = new Set(matches.map((match) => match[1]!.toLowerCase()));
  if (verdicts.size > 1) return ungraded('the grader gave two different verdicts');
  const explanation = /"explanation"\s*:\s*"((?:[^"\\]|\\.)*)"/.exec(text)?.[1] ?? '';
  const [verdict] = verdicts;
  if (verdict) return graded(verdict === 'true', explanation);
  return ungraded(
    /criteria_met/.test(text) ? 'criteria_met is neither true nor false' : 'the grader’s reply has no criteria_met',
    explanation,
  );
}
